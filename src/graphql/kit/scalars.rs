//! Scalars: instants, days, money.

use std::{borrow::Cow, fmt};

use async_graphql::{
    InputObject, InputValueError, InputValueResult, Scalar, ScalarType, SimpleObject, Value,
    registry::Registry,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::{NaiveDate, SecondsFormat};
use serde::Serialize;

use crate::{
    clock::{self, Instant},
    entity::enums::Currency,
    error::Rejection,
    input::invalid,
    money,
};

/// An argument `T! = default`. The default also applies if the argument's variable is left out: the library
/// applies it only if the argument itself is left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OrDefault<T>(pub T);

impl<T: async_graphql::InputType + Default> async_graphql::InputType for OrDefault<T> {
    type RawValueType = T::RawValueType;

    fn type_name() -> Cow<'static, str> {
        T::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        T::create_type_info(registry)
    }

    fn parse(value: Option<Value>) -> InputValueResult<Self> {
        let Some(value) = value else { return Ok(Self::default()) };
        T::parse(Some(value)).map(Self).map_err(InputValueError::propagate)
    }

    fn to_value(&self) -> Value {
        self.0.to_value()
    }

    fn as_raw_value(&self) -> Option<&Self::RawValueType> {
        self.0.as_raw_value()
    }
}

/// An instant in UTC, in the format of RFC 3339 with microseconds, such as `2026-01-21T00:00:00.000000Z`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct DateTime(pub Instant);

/// An instant in UTC, in the format of RFC 3339 with microseconds, such as `2026-01-21T00:00:00.000000Z`.
#[Scalar(name = "DateTime", specified_by_url = "https://scalars.graphql.org/andimarek/date-time.html")]
impl ScalarType for DateTime {
    fn parse(value: Value) -> InputValueResult<Self> {
        let Value::String(text) = &value else { return Err(InputValueError::expected_type(value)) };
        Ok(Self(clock::parse(text)?))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_rfc3339_opts(SecondsFormat::Micros, true))
    }
}

/// A calendar day in UTC, such as `2026-01-21`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Date(pub NaiveDate);

/// A calendar day in UTC, such as `2026-01-21`.
#[Scalar(name = "Date", specified_by_url = "https://scalars.graphql.org/andimarek/local-date.html")]
impl ScalarType for Date {
    fn parse(value: Value) -> InputValueResult<Self> {
        let Value::String(text) = &value else { return Err(InputValueError::expected_type(value)) };
        Ok(Self(clock::parse_day(text)?))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

/// An exact decimal number as a string, such as `149.90`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decimal(pub String);

/// An exact decimal number as a string, such as `149.90`.
#[Scalar(name = "Decimal", specified_by_url = "https://scalars.graphql.org/chillicream/decimal.html")]
impl ScalarType for Decimal {
    fn parse(value: Value) -> InputValueResult<Self> {
        match value {
            Value::String(text) => Ok(Self(text)),
            other => Err(InputValueError::expected_type(other)),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.clone())
    }
}

/// Bytes in Base64 with padding (RFC 4648, section 4).
#[derive(Clone, PartialEq, Eq)]
pub struct Base64(pub Vec<u8>);

impl fmt::Debug for Base64 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.0.len())
    }
}

impl Serialize for Base64 {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD.encode(&self.0))
    }
}

/// Bytes in Base64 with padding (RFC 4648, section 4).
#[Scalar(name = "Base64", specified_by_url = "https://www.rfc-editor.org/rfc/rfc4648.html#section-4")]
impl ScalarType for Base64 {
    fn parse(value: Value) -> InputValueResult<Self> {
        let Value::String(text) = &value else { return Err(InputValueError::expected_type(value)) };
        // `base64` breaks its lines.
        let text: String = text.split_ascii_whitespace().collect();
        Ok(Self(STANDARD.decode(text).map_err(|_| "this is not Base64")?))
    }

    fn to_value(&self) -> Value {
        Value::String(STANDARD.encode(&self.0))
    }
}

/// An amount of money.
#[derive(Clone, Debug, SimpleObject)]
pub struct Money {
    /// The amount in major units, such as `149.90`.
    amount: Decimal,
    /// The currency, as an ISO 4217 code such as `USD`.
    currency_code: String,
}

impl Money {
    /// The amount for minor units of `currency`.
    pub fn new(minor: i64, currency: Currency) -> Self {
        let amount = Decimal(money::Money::new(minor, currency).amount());
        Self { amount, currency_code: currency.to_string() }
    }
}

/// An amount of money, in USD for now.
#[derive(Clone, Debug, InputObject, Serialize)]
pub struct MoneyInput {
    /// The amount in major units with at most two decimals, such as `149.90`.
    #[serde(serialize_with = "as_text")]
    amount: Decimal,
    /// The currency, as an ISO 4217 code; only `USD` is accepted.
    #[graphql(default_with = "Currency::Usd.to_string()")]
    currency_code: String,
}

fn as_text<S: serde::Serializer>(amount: &Decimal, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&amount.0)
}

impl MoneyInput {
    /// The exact amount in minor units.
    ///
    /// # Errors
    /// `INVALID_INPUT` that names `field`.
    pub fn cents(&self, field: &str) -> Result<i64, Rejection> {
        if self.currency_code != Currency::Usd.as_str() {
            return Err(invalid(field, "Amounts are in USD. Convert it first."));
        }
        let amount = || invalid(field, "An amount looks like 149.90: digits, a point, at most two decimals.");
        Ok(money::Money::parse(&self.amount.0, Currency::Usd).ok_or_else(amount)?.minor)
    }
}

/// A number of Connects as GraphQL's 32-bit `Int`. No wallet comes near its bounds.
pub fn int(number: i64) -> i32 {
    i32::try_from(number).unwrap_or(if number < 0 { i32::MIN } else { i32::MAX })
}

/// The number of changed rows, as GraphQL's `Int`.
pub fn count(rows: u64) -> i32 {
    i32::try_from(rows).unwrap_or(i32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn x_2_money_comes_in_as_usd() {
        let cents = |amount: &str, currency_code: &str| {
            MoneyInput { amount: Decimal(amount.into()), currency_code: currency_code.into() }.cents("f").ok()
        };
        assert_eq!(
            [cents("149.90", "USD"), cents("-1", "USD"), cents("1", "EUR")],
            [Some(14_990), None, None]
        );
    }

    #[test]
    fn x_1_instants_are_utc_with_microseconds() {
        let parsed = DateTime::parse(Value::from("2026-01-21T02:00:00.123456789+02:00")).unwrap();
        assert_eq!(parsed.to_value(), Value::from("2026-01-21T00:00:00.123456Z"));
        for bad in ["2026-01-21", "yesterday", "0000-01-01T00:00:00Z", "+99999-01-01T00:00:00Z"] {
            assert!(DateTime::parse(Value::from(bad)).is_err(), "{bad}");
        }
    }
}
