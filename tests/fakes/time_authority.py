"""A time-stamping authority of our own (RFC 3161): openssl's, with a chain of certificates made for it."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

_CONFIG = """
[req]
distinguished_name = name
prompt = no
[name]
CN = Essai
[root]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign
subjectKeyIdentifier = hash
[between]
basicConstraints = critical,CA:TRUE
[signer]
basicConstraints = CA:FALSE
extendedKeyUsage = critical,timeStamping
[tsa]
default_tsa = one
[one]
serial = {folder}/serial
crypto_device = builtin
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512
accuracy = secs:1
tsa_name = no
ess_cert_id_chain = no
ess_cert_id_alg = sha256
"""


def openssl(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["openssl", *arguments], capture_output=True, text=True, check=False)


@dataclass(frozen=True)
class TimeAuthority:
    """Its files are in `folder`; `root` is the certificate that people trust."""

    folder: Path

    @property
    def root(self) -> Path:
        return self.folder / "root.pem"

    def reply(self, query: bytes) -> bytes:
        asked, told = self.folder / "asked.tsq", self.folder / "told.tsr"
        asked.write_bytes(query)
        config = ("-config", f"{self.folder}/openssl.cnf", "-section", "one")
        signer = ("-signer", f"{self.folder}/signer.pem", "-inkey", f"{self.folder}/signer.key")
        chain = ("-chain", f"{self.folder}/between.pem")
        _done("ts", "-reply", "-queryfile", str(asked), "-out", str(told), *config, *signer, *chain)
        return told.read_bytes()

    def query(self, content: bytes, *options: str) -> bytes:
        """Somebody's question about `content`."""
        data, asked = self.folder / "data", self.folder / "other.tsq"
        data.write_bytes(content)
        _done("ts", "-query", "-data", str(data), "-cert", "-out", str(asked), *(options or ("-sha256",)))
        return asked.read_bytes()


def time_authority(folder: Path) -> TimeAuthority:
    """A root, what it delegates to, and the one that signs."""
    folder.mkdir(exist_ok=True)
    (folder / "openssl.cnf").write_text(_CONFIG.format(folder=folder))
    (folder / "serial").write_text("01\n")
    _certified(folder, "root", "root", None)
    _certified(folder, "between", "between", "root")
    _certified(folder, "signer", "signer", "between")
    return TimeAuthority(folder)


def _certified(folder: Path, name: str, extensions: str, by: str | None) -> None:
    key, request, config = f"{folder}/{name}.key", f"{folder}/{name}.csr", f"{folder}/openssl.cnf"
    _done(
        *("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"),
        *("-keyout", key, "-out", request, "-subj", f"/CN=Essai {name}", "-config", config),
    )
    own = ("-signkey", key)
    signed = ("-CA", f"{folder}/{by}.pem", "-CAkey", f"{folder}/{by}.key", "-CAcreateserial")
    _done(
        *("x509", "-req", "-in", request, "-days", "3650", "-out", f"{folder}/{name}.pem"),
        *("-extfile", config, "-extensions", extensions, *(signed if by else own)),
    )


def _done(*arguments: str) -> None:
    ran = openssl(*arguments)
    if ran.returncode:
        raise RuntimeError(f"openssl {' '.join(arguments)}: {ran.stderr}")
