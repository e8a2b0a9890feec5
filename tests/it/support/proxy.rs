//! A wire to a PostgreSQL server that breaks where a test says.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicI64, Ordering},
    },
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// Passes on what clients and the server send, until it breaks.
#[derive(Clone)]
pub struct Proxy {
    pub address: SocketAddr,
    break_in: Arc<AtomicI64>,
    deliver: Arc<AtomicBool>,
    broke: Arc<AtomicBool>,
}

impl Proxy {
    /// Before `server`, such as `127.0.0.1:5432`.
    pub async fn before(server: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let proxy = Self {
            address: listener.local_addr().expect("an address"),
            break_in: Arc::new(AtomicI64::new(i64::MIN)),
            deliver: Arc::default(),
            broke: Arc::default(),
        };
        let accepting = proxy.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let server = TcpStream::connect(&server).await.expect("the server answers");
                tokio::spawn(accepting.clone().pass_on(client, server));
            }
        });
        proxy
    }

    /// Breaks once, at the client's message number `message` from now: before the server has it, or, with
    /// `deliver`, after the server has answered it, and before the client hears.
    pub fn break_at(&self, message: i64, deliver: bool) {
        self.deliver.store(deliver, Ordering::SeqCst);
        self.broke.store(false, Ordering::SeqCst);
        self.break_in.store(message, Ordering::SeqCst);
    }

    /// Breaks no more; whether it did.
    pub fn mend(&self) -> bool {
        self.break_in.store(i64::MIN, Ordering::SeqCst);
        self.broke.load(Ordering::SeqCst)
    }

    async fn pass_on(self, mut client: TcpStream, mut server: TcpStream) {
        let (mut said, mut answer) = (vec![0; 65_536], vec![0; 65_536]);
        loop {
            tokio::select! {
                read = client.read(&mut said) => {
                    let Some(said) = read.ok().filter(|read| *read > 0).map(|read| &said[..read]) else { return };
                    let breaks = self.break_in.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| {
                        (left >= 0).then(|| left - 1)
                    }) == Ok(0);
                    if breaks {
                        if self.deliver.load(Ordering::SeqCst) && server.write_all(said).await.is_ok() {
                            let _ = server.read(&mut answer).await;
                        }
                        self.broke.store(true, Ordering::SeqCst);
                        return;
                    }
                    if server.write_all(said).await.is_err() { return }
                }
                read = server.read(&mut answer) => {
                    let Some(answer) = read.ok().filter(|read| *read > 0).map(|read| &answer[..read]) else { return };
                    if client.write_all(answer).await.is_err() { return }
                }
            }
        }
    }
}
