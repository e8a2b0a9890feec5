"""Where the pictures lie: a folder, or a bucket of an independent program that speaks S3 and checks signatures (moto)."""

import json
import os
import subprocess
import sys
import time

from agreement import Disagreement
from program import free_port

BUCKET, REGION, READY_WITHIN = "pictures", "eu-central-1", 60
FREE_ACTIONS = 4
"So many first requests need no signature: a person, what they may do, their key, the bucket."


class Folder:
    """The default: a folder beside the database, or where the server was started."""

    name, settings = "folder", {}

    def __init__(self, folder):
        self.folder = os.path.join(folder, "assets")

    def files(self):
        """All files by name."""
        names = os.listdir(self.folder) if os.path.isdir(self.folder) else []
        return {name: _content(os.path.join(self.folder, name)) for name in names if "#" not in name}

    def close(self):
        """There is nothing to end."""


class Bucket:
    """A bucket of moto, and the settings that lead to it."""

    name = "bucket"

    def __init__(self, _folder):
        import boto3  # pylint: disable=import-outside-toplevel
        port = free_port()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)], stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env=os.environ | {"INITIAL_NO_AUTH_ACTION_COUNT": str(FREE_ACTIONS)})
        address = f"http://127.0.0.1:{port}"
        self._wait(address)
        outside = {"endpoint_url": address, "region_name": REGION, "aws_access_key_id": "x", "aws_secret_access_key": "x"}
        people = boto3.client("iam", **outside)
        people.create_user(UserName="connects")
        may = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
        people.put_user_policy(UserName="connects", PolicyName="all", PolicyDocument=json.dumps(may))
        key = people.create_access_key(UserName="connects")["AccessKey"]
        place = {"CreateBucketConfiguration": {"LocationConstraint": REGION}}
        boto3.client("s3", **outside).create_bucket(Bucket=BUCKET, **place)
        inside = outside | {"aws_access_key_id": key["AccessKeyId"], "aws_secret_access_key": key["SecretAccessKey"]}
        self.s3 = boto3.client("s3", **inside)
        self.settings = {"BUCKET": BUCKET, "REGION": REGION, "ENDPOINT": address, "ACCESS_KEY_ID": key["AccessKeyId"],
                         "SECRET_ACCESS_KEY": key["SecretAccessKey"]}

    def _wait(self, address):
        import urllib.request  # pylint: disable=import-outside-toplevel
        until = time.monotonic() + READY_WITHIN
        while True:
            try:
                # Its own page, which is no action.
                with urllib.request.urlopen(f"{address}/moto-api/", timeout=5):
                    return
            except OSError:
                if self.process.poll() is not None or time.monotonic() > until:
                    raise SystemExit("moto does not start; `pip install 'moto[s3,server]'` first") from None
                time.sleep(0.1)

    def files(self):
        """All files by name."""
        pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket=BUCKET)
        names = [one["Key"] for page in pages for one in page.get("Contents", [])]
        return {name: self.s3.get_object(Bucket=BUCKET, Key=name)["Body"].read() for name in names}

    def close(self):
        """Ends it."""
        self.process.kill()
        self.process.wait()


def _content(path):
    with open(path, "rb") as file:
        return file.read()


def each(folder):
    """Both, one after the other."""
    for kind in (Folder, Bucket):
        storage = kind(folder)
        try:
            yield storage
        finally:
            storage.close()


def must_be(files, digests):
    """A `Disagreement` unless each file that a creative names is there; others may lie there, of requests that died."""
    missing = set(digests) - set(files)
    if missing:
        raise Disagreement(f"files that creatives name and nobody keeps: {sorted(missing)}")
