//! Where pictures are kept: a folder, or a bucket of a service that speaks S3. A file lies under the digest of its bytes, so
//! that it never changes, and keeping it twice keeps it once.

use std::{
    collections::VecDeque,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use object_store::{
    ClientOptions, ObjectStore, ObjectStoreExt, PutPayload, RetryConfig,
    aws::AmazonS3Builder,
    client::{HttpClient, HttpConnector},
    local::LocalFileSystem,
    path::Path,
};
use secrecy::ExposeSecret;
use sha2::{Digest, Sha256};

use super::https;
use crate::{
    config::assets::S3,
    error::{Fault, Result},
    private,
};

/// How long one request to a bucket may take.
const PATIENCE: Duration = Duration::from_secs(4);

/// How often a request to a bucket is sent again, and until when.
const RETRIES: (usize, Duration) = (2, Duration::from_secs(6));

/// Where pictures are kept.
#[derive(Clone, Debug)]
pub enum Assets {
    /// A folder, which is made with the first file.
    Folder(PathBuf),
    /// A bucket, and the files that were read from it of late.
    Bucket(Arc<dyn ObjectStore>, Arc<Recent>),
}

/// So many files of a bucket are remembered: those of a few pages that many people look at.
const RECENT: usize = 64;

/// Files that were read of late, the last one first. A file never changes.
#[derive(Debug, Default)]
pub struct Recent(Mutex<VecDeque<(String, Vec<u8>)>>);

impl Recent {
    fn find(&self, digest: &str) -> Option<Vec<u8>> {
        let mut files = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let place = files.iter().position(|(one, _)| one == digest)?;
        let found = files.remove(place)?;
        files.push_front(found);
        files.front().map(|(_, file)| file.clone())
    }

    fn note(&self, digest: &str, file: &[u8]) {
        let mut files = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        files.push_front((digest.to_owned(), file.to_vec()));
        files.truncate(RECENT);
    }
}

/// The digest of `file`, under which it is kept: SHA-256 in lower-case hex.
pub fn digest_of(file: &[u8]) -> String {
    hex::encode(Sha256::digest(file))
}

impl Assets {
    /// The bucket `name` of `settings`.
    ///
    /// # Errors
    /// [`Fault::Setup`] when the settings are not complete.
    pub fn bucket(name: &str, settings: &S3) -> Result<Self> {
        let (id, secret) = settings.key()?;
        let (max_retries, retry_timeout) = RETRIES;
        let mut builder = AmazonS3Builder::new()
            .with_bucket_name(name)
            .with_region(settings.region.as_deref().unwrap_or("us-east-1"))
            .with_access_key_id(id)
            .with_secret_access_key(secret.expose_secret())
            .with_retry(RetryConfig { max_retries, retry_timeout, ..RetryConfig::default() })
            .with_http_connector(Connector(https::client(PATIENCE)?));
        if let Some(endpoint) = &settings.endpoint {
            builder = builder.with_endpoint(endpoint).with_allow_http(endpoint.starts_with("http:"));
        }
        let unusable = |error| Fault::Setup(format!("settings: assets.s3 cannot be used: {error}"));
        Ok(Self::Bucket(Arc::new(builder.build().map_err(unusable)?), Arc::default()))
    }

    /// Keeps `file`, durably, and returns its digest.
    ///
    /// # Errors
    /// [`Fault::Setup`] when it cannot be kept.
    pub async fn keep(&self, file: Vec<u8>) -> Result<String> {
        let digest = digest_of(&file);
        let store = match self {
            Self::Folder(folder) => {
                let unusable = |error| Fault::Setup(format!("cannot make {}: {error}", folder.display()));
                private::create_folder(folder).map_err(unusable)?;
                in_folder(folder)?
            }
            Self::Bucket(store, _) => store.clone(),
        };
        store.put(&place_of(&digest), PutPayload::from(file)).await.map_err(unavailable)?;
        Ok(digest)
    }

    /// The file with this digest, if it is there.
    ///
    /// # Errors
    /// [`Fault::Setup`] when it cannot be read.
    pub async fn find(&self, digest: &str) -> Result<Option<Vec<u8>>> {
        match self {
            Self::Folder(folder) if !folder.exists() => Ok(None),
            Self::Folder(folder) => read(&*in_folder(folder)?, digest).await,
            Self::Bucket(store, recent) => {
                if let Some(file) = recent.find(digest) {
                    return Ok(Some(file));
                }
                let file = read(&**store, digest).await?;
                if let Some(file) = &file {
                    recent.note(digest, file);
                }
                Ok(file)
            }
        }
    }
}

async fn read(store: &dyn ObjectStore, digest: &str) -> Result<Option<Vec<u8>>> {
    let found = match store.get(&place_of(digest)).await {
        Err(object_store::Error::NotFound { .. }) => return Ok(None),
        found => found.map_err(unavailable)?,
    };
    Ok(Some(found.bytes().await.map_err(unavailable)?.into()))
}

fn place_of(digest: &str) -> Path {
    Path::from(digest)
}

fn in_folder(folder: &std::path::Path) -> Result<Arc<dyn ObjectStore>> {
    let store = LocalFileSystem::new_with_prefix(folder).map_err(unavailable)?;
    Ok(Arc::new(store.with_fsync(true)))
}

#[allow(clippy::needless_pass_by_value, reason = "map_err passes it by value")]
fn unavailable(error: object_store::Error) -> Fault {
    Fault::Setup(format!("pictures cannot be kept or read: {error}"))
}

/// Hands our client to the library, whose own one would bring other TLS.
#[derive(Debug)]
struct Connector(reqwest::Client);

impl HttpConnector for Connector {
    fn connect(&self, _: &ClientOptions) -> object_store::Result<HttpClient> {
        Ok(HttpClient::new(self.0.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_file_is_kept_once_under_its_digest() {
        let parent = tempfile::TempDir::new().unwrap();
        let folder = parent.path().join("assets");
        let assets = Assets::Folder(folder.clone());
        let digest = digest_of(b"picture");
        assert_eq!(assets.find(&digest).await.unwrap(), None, "there is no folder yet");
        for _ in 0..2 {
            assert_eq!(assets.keep(b"picture".to_vec()).await.unwrap(), digest);
        }
        assert_eq!(assets.find(&digest).await.unwrap().as_deref(), Some(&b"picture"[..]));
        assert_eq!(assets.find(&digest_of(b"another")).await.unwrap(), None);
        assert_eq!(std::fs::read_dir(folder).unwrap().count(), 1);
    }

    #[test]
    fn the_files_that_are_asked_for_are_remembered() {
        let recent = Recent::default();
        for number in 0..RECENT {
            recent.note(&number.to_string(), &[0]);
        }
        assert!(recent.find("0").is_some(), "which is the last one then");
        recent.note("new", &[1]);
        assert_eq!(recent.find("new"), Some(vec![1]));
        assert!(recent.find("0").is_some() && recent.find("1").is_none());
        assert_eq!(recent.0.lock().unwrap().len(), RECENT);
    }

    #[test]
    fn a_bucket_needs_a_key() {
        let said = Assets::bucket("pictures", &S3::default()).unwrap_err().to_string();
        assert!(said.contains("assets.s3.access_key_id"), "{said}");
    }
}
