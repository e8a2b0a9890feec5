//! Somebody writes to the other side of a proposal (S-9).

use chrono::TimeDelta;

use super::{notifications::received, rejection, store};
use crate::{
    accounts,
    db::Txn,
    entity::{
        enums::{JobPostState, RestrictionKind},
        ids::{AccountId, MessageId, ProposalId, RoomId},
        message, room,
    },
    error::Result,
    job_posts,
    notifications::notify,
    proposals::{
        self, LockedProposal,
        rejection::no_such_proposal,
        rules::life::{self, Move},
    },
    viewer::Viewer,
};

/// The most messages that a person may write into a room within an hour.
const MESSAGES_AN_HOUR: u64 = 60;

/// Writes to the other side of a proposal of `person`, who is its freelancer or its client. The client's first message
/// opens the room and starts the interview; each of theirs is activity on an open post (J-4), and shows that they have
/// read the proposal (S-6).
///
/// # Errors
/// `NOT_FOUND`, `ILLEGAL_STATE`, `ROOM_NOT_OPEN`, `RECIPIENT_GONE`, `THROTTLED`; `ACCOUNT_SUSPENDED`, `ACCOUNT_CLOSED`.
pub async fn send(txn: &Txn, person: &Viewer, id: ProposalId, body: &str) -> Result<MessageId> {
    let person = accounts::acting(txn, person.id()).await?;
    let mut locked = proposals::lock(txn, id).await?;
    let other = other_side(&locked, person.id()).ok_or_else(no_such_proposal)?;
    let by_client = locked.post.row.client_id == person.id();
    match accounts::store::find_restriction(txn, other, txn.now()).await? {
        // A client does not see proposals of suspended freelancers (P-4).
        Some(_) if by_client => return Err(no_such_proposal().into()),
        Some((RestrictionKind::Closed, _)) => return Err(rejection::recipient_gone().into()),
        _ => {}
    }
    life::must_talk(locked.state)?;
    let found = store::lock_room(txn, id).await?;
    let room = match found {
        Some(room) => room,
        None if by_client => open(txn, &locked).await?,
        None => return Err(rejection::room_not_open().into()),
    };
    must_not_flood(txn, room.id, person.id()).await?;
    let last_message_at = room.last_message_at;
    if by_client {
        note_client(txn, &mut locked).await?;
    }
    let (room_id, author_id) = (room.id, person.id());
    let message = message::Model {
        id: MessageId::new(),
        room_id,
        author_id,
        body: body.to_owned(),
        // A request that waited for the lock, or a clock that is late, writes nothing into the past.
        sent_at: txn.now().max(last_message_at),
    };
    let (id, notification) = (message.id, received(&message, other, &locked.post.row));
    store::insert_message(txn, message).await?;
    notify(txn, vec![notification]).await?;
    Ok(id)
}

/// Checks that the author has not written too much into the room, which is locked: each message notifies the other side.
async fn must_not_flood(txn: &Txn, room: RoomId, author: AccountId) -> Result<()> {
    let hour = TimeDelta::hours(1);
    match store::find_nth_message(txn, (room, author), txn.now() - hour, MESSAGES_AN_HOUR).await? {
        None => Ok(()),
        Some(sent_at) => {
            let wait = sent_at + hour - txn.now();
            Err(rejection::too_many_messages(MESSAGES_AN_HOUR, wait.num_seconds() + 1).into())
        }
    }
}

fn other_side(locked: &LockedProposal, person: AccountId) -> Option<AccountId> {
    let (client, freelancer) = (locked.post.row.client_id, locked.row.freelancer_id);
    match person {
        id if id == client => Some(freelancer),
        id if id == freelancer => Some(client),
        _ => None,
    }
}

async fn open(txn: &Txn, locked: &LockedProposal) -> Result<room::Model> {
    let room = room::Model {
        id: RoomId::new(),
        proposal_id: locked.row.id,
        job_post_id: locked.post.row.id,
        client_id: locked.post.row.client_id,
        freelancer_id: locked.row.freelancer_id,
        opened_at: txn.now(),
        last_message_at: txn.now(),
    };
    store::insert_room(txn, room.clone()).await?;
    Ok(room)
}

/// What follows from a message of the client.
async fn note_client(txn: &Txn, locked: &mut LockedProposal) -> Result<()> {
    let proposal = &mut locked.row;
    if proposal.interviewing_since.is_none() || proposal.viewed_at.is_none() {
        proposal.interviewing_since.get_or_insert(txn.now());
        proposal.viewed_at.get_or_insert(txn.now());
        proposal.state = Move::Interview.after(proposal.state).unwrap_or(proposal.state);
        proposals::store::update_proposal(txn, proposal.clone()).await?;
    }
    if locked.post.state == JobPostState::Open {
        job_posts::note_activity(txn, &mut locked.post).await?;
    }
    Ok(())
}
