use super::*;

#[test]
fn f_10_a_document_is_found_by_what_is_stored_of_it() {
    let id = Uuid::from_u128(7);
    for document in [
        Document::Commission(CommissionId(id)),
        Document::Payout(PayoutId(id)),
        Document::Entry(WalletId(id), 42),
    ] {
        assert_eq!(Document::of(document.kind(), &document.key()), Some(document));
    }
    assert_eq!(Document::of(TicketDocumentKind::HistoryEntry, "no key"), None);
}

#[test]
fn f_10_a_closed_ticket_stays_closed() {
    for way in TicketMove::ALL {
        assert!(moved(Closed, *way).is_err());
        assert_eq!(moved(Open, *way).ok(), moved(Answered, *way).ok());
    }
}
