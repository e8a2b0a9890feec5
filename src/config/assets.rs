//! Settings of where pictures are kept.

use std::path::PathBuf;

use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use crate::error::{Fault, Result};

/// Where pictures are kept: in a folder, or in a bucket if one is named.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Assets {
    /// The folder; absent: `assets` beside the SQLite file, or in the working folder. All servers of a database share it.
    pub folder: Option<PathBuf>,
    /// A bucket, instead of the folder.
    pub s3: S3,
}

/// A bucket of Amazon S3, or of a service that speaks its protocol.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct S3 {
    /// The name of the bucket, which exists.
    pub bucket: Option<String>,
    /// Its region, such as `eu-central-1`.
    pub region: Option<String>,
    /// The address of the service, such as `https://storage.example.com`; absent: Amazon's.
    pub endpoint: Option<String>,
    /// The id of the access key.
    pub access_key_id: Option<String>,
    /// The secret of the access key.
    #[serde(skip_serializing)]
    pub secret_access_key: Option<SecretString>,
}

impl S3 {
    /// The id and the secret of the access key.
    ///
    /// # Errors
    /// [`Fault::Setup`] when one is missing.
    pub fn key(&self) -> Result<(&str, &SecretString)> {
        match (&self.access_key_id, &self.secret_access_key) {
            (Some(id), Some(secret)) => Ok((id, secret)),
            _ => {
                let sentence = "settings: assets.s3.bucket needs assets.s3.access_key_id and \
                                assets.s3.secret_access_key; take them from the storage service";
                Err(Fault::Setup(sentence.into()).into())
            }
        }
    }
}
