import shutil
import socket
import ssl
import stat
import threading
from pathlib import Path

import pytest

from compose.keys import READERS, fill


def secrets_of(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_each_reader_has_its_files_and_no_others(tmp_path: Path) -> None:
    fill(tmp_path)
    assert set(secrets_of(tmp_path)) == {f"{reader}/{file}" for reader, files in READERS.items() for file in files}
    assert not set(secrets_of(tmp_path)) & {"myclothes/promoter_password", "promoter/myclothes_password"}


def test_only_the_owner_may_read_them_and_nobody_writes_them(tmp_path: Path) -> None:
    fill(tmp_path)
    modes = {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.rglob("*") if path.is_file()}
    assert modes == {0o400}


def test_a_second_start_changes_nothing(tmp_path: Path) -> None:
    fill(tmp_path)
    before = secrets_of(tmp_path)
    fill(tmp_path)
    assert secrets_of(tmp_path) == before


def test_those_who_share_a_secret_agree_and_others_do_not(tmp_path: Path) -> None:
    fill(tmp_path)
    kept = secrets_of(tmp_path)
    assert kept["myclothes/database_password"] == kept["database/myclothes_password"]
    assert kept["promoter/promoter_password"] == kept["database/promoter_password"]
    keys = [kept[f"{site}/secret_key"] for site in ("whatisthetime", "myclothes", "mywordpress")]
    assert len(set(keys)) == 3
    assert all(len(key) >= 32 for key in keys)


@pytest.mark.parametrize("lost", ["myclothes", "cache", "database", "cache-endpoint"])
def test_what_one_reader_has_lost_is_what_the_others_have(tmp_path: Path, lost: str) -> None:
    fill(tmp_path)
    before = secrets_of(tmp_path)
    shutil.rmtree(tmp_path / lost)
    fill(tmp_path)
    after = secrets_of(tmp_path)
    assert set(after) == set(before)
    assert after["cache/cache_password"] == after["myclothes/cache_password"] == before["cache/cache_password"]
    assert after["database/myclothes_password"] == before["database/myclothes_password"]
    assert len({after[f"{reader}/ca.pem"] for reader in ("cache", "myclothes", "mywordpress", "cache-endpoint")}) == 1


def test_the_certificate_serves_its_names_to_who_trusts_the_authority(tmp_path: Path) -> None:
    fill(tmp_path)
    for name in ("cache", "cache-a", "sentinel-c", "cache-endpoint-b", "localhost"):
        assert greet(tmp_path, name) == b"hello"
    with pytest.raises(ssl.SSLCertVerificationError):
        greet(tmp_path, "somebody-else")


def greet(root: Path, name: str) -> bytes:
    """What a client who asks for that name hears from a server with the cache's certificate."""
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(root / "cache/server.pem", root / "cache/server.key")
    trusting = ssl.create_default_context(cafile=str(root / "myclothes/ca.pem"))
    ours, theirs = socket.socketpair()
    thread = threading.Thread(target=say_hello, args=(serving, theirs))
    thread.start()
    try:
        with ours, trusting.wrap_socket(ours, server_hostname=name) as client:
            return client.recv(100)
    finally:
        thread.join()


def say_hello(serving: ssl.SSLContext, connection: socket.socket) -> None:
    try:
        with connection, serving.wrap_socket(connection, server_side=True) as server:
            server.sendall(b"hello")
    except ssl.SSLError:
        pass
