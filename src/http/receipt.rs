//! The receipt of a purchase (B-2): what was bought, the tax on it, and how it was paid; as a page to print and as JSON.

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::{
    Shared,
    paper::{self, paper},
};
use crate::{
    accounts,
    clock::Instant,
    db::Database,
    entity::{enums::PurchaseState, purchase},
    error::Result,
    graphql::{kit::ids::Kind, purchases::purchase::Purchase},
    html::{PRINTED, escaped},
    money::Money,
    payments, promo_codes,
    purchases::{purpose_of, rules::percent_of, store},
    viewer::Viewer,
};

const MISSING: &str = "There is no receipt of such a purchase, or it is not paid. Take its id from a query.";

/// The receipt as JSON, for anyone who may see the purchase.
pub async fn json(shared: web::Data<Shared>, request: HttpRequest, id: web::Path<String>) -> HttpResponse {
    let found = async |db: &Database, viewer: &Viewer| {
        let Some(receipt) = Receipt::find(db, viewer, &id).await? else { return Ok(None) };
        Ok(Some(HttpResponse::Ok().insert_header(("cache-control", "no-store")).json(receipt.as_json())))
    };
    paper(&shared, &request, MISSING, found).await
}

/// The receipt as a page to print, for anyone who may see the purchase.
pub async fn page(shared: web::Data<Shared>, request: HttpRequest, id: web::Path<String>) -> HttpResponse {
    let found = async |db: &Database, viewer: &Viewer| {
        let receipt = Receipt::find(db, viewer, &id).await?;
        Ok(receipt.map(|receipt| paper::page(receipt.as_page())))
    };
    paper(&shared, &request, MISSING, found).await
}

/// The promo code of a purchase, and the Connects that it added.
async fn find_promo(db: &Database, purchase: &purchase::Model) -> Result<Option<(String, i64)>> {
    let Some(kept) = purchase.promo_redemption_id else { return Ok(None) };
    let Some(kept) = promo_codes::store::find_redemption(db.read(), kept).await? else { return Ok(None) };
    let code = promo_codes::store::list_codes(db.read(), &[kept.promo_code_id]).await?.pop();
    Ok(code.map(|code| (code.code, kept.connects)))
}

/// What a receipt says.
struct Receipt {
    purchase: purchase::Model,
    paid_at: Instant,
    buyer: String,
    paid_by: String,
    /// The promo code, and the Connects that it added.
    promo: Option<(String, i64)>,
}

impl Receipt {
    /// That of a purchase which is paid, or was until a bank took it back.
    async fn find(db: &Database, viewer: &Viewer, id: &str) -> Result<Option<Self>> {
        let Some(id) = Purchase::key_in(id) else { return Ok(None) };
        let purchase = store::list_visible(db.read(), viewer, &[id]).await?.pop();
        let is_paid =
            |row: &purchase::Model| matches!(row.state, PurchaseState::Paid | PurchaseState::ChargedBack);
        let Some(purchase) = purchase.filter(is_paid) else { return Ok(None) };
        let Some(paid_at) = purchase.ended_at else { return Ok(None) };
        let buyer = accounts::store::find_account(db.read(), purchase.account_id).await?;
        let document = (purpose_of(purchase.item), purchase.id.0);
        let label = payments::store::find_label(db.read(), document).await?;
        // What a method is known by is its owner's business.
        let is_buyer = viewer.id() == purchase.account_id;
        let paid_by = label.map(|label| if is_buyer { label } else { "a payment method".to_owned() });
        let other = if purchase.total_cents == 0 { "a promo code" } else { "the cash account" };
        let paid_by = paid_by.unwrap_or_else(|| other.to_owned());
        let promo = find_promo(db, &purchase).await?;
        Ok(Some(Self {
            purchase,
            paid_at,
            buyer: buyer.map(|buyer| buyer.name).unwrap_or_default(),
            paid_by,
            promo,
        }))
    }

    fn amount(&self, cents: i64) -> String {
        Money::new(cents, self.purchase.currency).amount()
    }

    /// What was bought.
    fn what(&self) -> String {
        let (row, quantity) = (&self.purchase, self.purchase.quantity);
        match (row.plan, row.cycle_starts_at) {
            (Some(plan), Some(from)) => {
                format!("A month of {plan} from {}, with {quantity} Connects", from.date_naive())
            }
            _ => format!("{quantity} Connects"),
        }
    }

    fn as_json(&self) -> Value {
        let row = &self.purchase;
        let tax = row.tax_name.as_ref().map(|name| {
            json!({ "name": name, "percent": percent_of(row.tax_rate_micros), "amount": self.amount(row.tax_cents),
                "reverseCharge": row.reverse_charge })
        });
        json!({
            "purchase": row.id, "state": row.state, "paidAt": self.paid_at, "paidBy": self.paid_by,
            "buyer": { "name": self.buyer, "country": row.country, "region": row.region, "taxId": row.tax_id },
            "lines": [{ "what": self.what(), "quantity": row.quantity, "price": self.amount(row.list_cents),
                "discount": self.amount(row.discount_cents), "net": self.amount(row.net_cents) }],
            "promoCode": self.promo.as_ref().map(|(code, bonus)| json!({ "code": code, "bonus": bonus })),
            "tax": tax, "total": self.amount(row.total_cents), "currency": row.currency,
        })
    }

    fn as_page(&self) -> String {
        let (row, code) = (&self.purchase, self.purchase.currency);
        let line = |what: &str, cents: i64| {
            format!("<tr><td>{}</td><td>{} {code}</td></tr>", escaped(what), self.amount(cents))
        };
        let tax = row.tax_name.as_ref().map(|name| {
            let how = if row.reverse_charge {
                "reverse charge".into()
            } else {
                percent_of(row.tax_rate_micros) + "%"
            };
            line(&format!("{name}, {how}"), row.tax_cents)
        });
        let promo = self.promo.as_ref().map(|(code, bonus)| match bonus {
            0 => line(&format!("Promo code {code}"), -row.discount_cents),
            bonus => line(&format!("{bonus} more Connects, promo code {code}"), 0),
        });
        let lines = [
            line(&self.what(), row.list_cents),
            promo.unwrap_or_default(),
            tax.unwrap_or_default(),
            line("Total", row.total_cents),
        ];
        let place =
            row.region.as_ref().map_or(row.country.clone(), |region| format!("{}-{region}", row.country));
        let tax_id = row.tax_id.as_ref().map_or(String::new(), |id| format!(", tax id {}", escaped(id)));
        let taken_back =
            if row.state == PurchaseState::ChargedBack { " A bank took the payment back." } else { "" };
        format!(
            "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Receipt {id}</title><style>{PRINTED}</style>\
             <h1>Receipt</h1><p>{id}, {day}.</p><p>To {buyer}, {place}{tax_id}. Paid by {by}.{taken_back}</p>\
             <table><tr><th>What</th><th>Amount</th></tr>{lines}</table></html>\n",
            id = row.id,
            day = self.paid_at.date_naive(),
            buyer = escaped(&self.buyer),
            place = escaped(&place),
            by = escaped(&self.paid_by),
            lines = lines.concat(),
        )
    }
}
