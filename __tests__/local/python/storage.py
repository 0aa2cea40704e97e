"""Google's library for Cloud Storage as its users write it, with STORAGE_EMULATOR_HOST set; prints what it finds as JSON."""

import hashlib
import io
import json

from google.api_core.exceptions import NotFound, PreconditionFailed
from google.auth.credentials import AnonymousCredentials
from google.cloud import storage

client = storage.Client(project="my-project", credentials=AnonymousCredentials())
bucket = client.create_bucket("from-python")
CONTENT = bytes(index % 251 for index in range(3_000_000))
found = {}

small = bucket.blob("small/über.json")
small.metadata = {"epoch": "3"}
small.upload_from_string('{"accuracy": 0.9}', content_type="application/json", if_generation_match=0)
try:
    small.upload_from_string("again", if_generation_match=0)
except PreconditionFailed:
    found["refused"] = True

large = bucket.blob("large.bin", chunk_size=1024 * 1024)
large.upload_from_file(io.BytesIO(CONTENT), checksum="crc32c")
stream = bucket.blob("stream.bin", chunk_size=256 * 1024)
with stream.open("wb") as file:
    for start in range(0, len(CONTENT), 100_000):
        file.write(CONTENT[start : start + 100_000])

read = bucket.get_blob("large.bin")
found["large"] = [read.size, hashlib.md5(read.download_as_bytes()).hexdigest() == hashlib.md5(CONTENT).hexdigest()]
found["range"] = list(read.download_as_bytes(start=10, end=12))
found["stream"] = bucket.blob("stream.bin").download_as_bytes() == CONTENT
again = bucket.get_blob("small/über.json")
found["small"] = [again.download_as_text(), again.metadata, again.content_type]
again.metadata = {"epoch": "4"}
again.patch()
found["patched"] = bucket.get_blob("small/über.json").metadata
bucket.copy_blob(again, bucket, "copied/small.json")
bucket.blob("joined").compose([bucket.blob("stream.bin"), bucket.blob("small/über.json")])
found["joined"] = bucket.get_blob("joined").size
found["listed"] = [blob.name for blob in client.list_blobs(bucket)]
found["buckets"] = [one.name for one in client.list_buckets()]
found["granted"] = bucket.test_iam_permissions(["storage.objects.create"])
bucket.delete_blobs([bucket.blob("joined"), bucket.blob("stream.bin")])
found["exists"] = [bucket.blob(name).exists() for name in ("joined", "large.bin")]
try:
    bucket.blob("joined").download_as_bytes()
except NotFound:
    found["gone"] = True
print(json.dumps(found))
