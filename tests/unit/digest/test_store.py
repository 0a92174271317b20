"""A cache of facts saves time, and can do no harm."""

import json

import pytest

from crest.digest import store as module
from crest.digest.facts import facts_of, plain, read_facts, unit_of
from crest.digest.store import FactStore, decoded, store_of

TEXT = b"import os\nfrom .a import f as g\n@g\ndef main(x=os.name): return f'{g(x)}'\n"
OTHER = b"def main(): return 2\n"


@pytest.fixture
def path(tmp_path):
    """A file with the facts of a text."""
    store = FactStore(tmp_path / "cache" / "digest.json")
    store.path.parent.mkdir()
    store.facts(TEXT, "one", "one.py")
    store.save()
    return store.path


def count_readings(monkeypatch):
    read = []

    def counted(source, name):
        read.append(name)
        return read_facts(source, name)

    monkeypatch.setattr(module, "read_facts", counted)
    return read


def units(facts):
    return [unit_of(unit) for unit in facts.units]


def test_facts_survive_being_kept():
    facts = read_facts(decoded(TEXT))
    again = facts_of(json.loads(json.dumps(plain(facts))))
    assert units(again) == units(facts)
    assert json.dumps(again[1:]) == json.dumps(facts[1:])


def test_a_text_that_was_read_before_is_not_read_again(path, monkeypatch):
    read = count_readings(monkeypatch)
    facts = FactStore(path).facts(TEXT, "one", "one.py")
    assert read == []
    assert units(facts) == units(read_facts(decoded(TEXT)))


def test_another_text_is_read_whatever_its_file_is_called(path, monkeypatch):
    read = count_readings(monkeypatch)
    facts = FactStore(path).facts(OTHER, "two", "one.py")
    assert read == ["one.py"]
    assert units(facts) == units(read_facts(decoded(OTHER)))


DAMAGES = [
    lambda _: b"",
    lambda content: content[: len(content) // 2],
    lambda content: content[:-1],
    lambda content: content.replace(b'"main"', b'"niam"'),
    lambda content: content.replace(b"\n", b"", 1),
    lambda content: b"\xff" + content,
    lambda content: content.partition(b"\n")[0] + b"\n[]",
]


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_is_read_as_empty_and_made_anew(path, damage, monkeypatch):
    content = path.read_bytes()
    path.write_bytes(damage(content))
    assert path.read_bytes() != content
    read = count_readings(monkeypatch)
    store = FactStore(path)
    store.facts(TEXT, "one", "one.py")
    assert read == ["one.py"]
    store.save()
    assert path.read_bytes() == content


def test_a_file_of_other_reading_code_is_not_used(path, monkeypatch):
    monkeypatch.setattr(module, "_version", lambda: "another")
    read = count_readings(monkeypatch)
    FactStore(path).facts(TEXT, "one", "one.py")
    assert read == ["one.py"]


def test_facts_of_two_processes_join(path):
    other = FactStore(path)
    other.facts(OTHER, "two", "two.py")
    other.save()
    assert json.loads(path.read_bytes().partition(b"\n")[2]).keys() == {"one", "two"}


def test_the_oldest_facts_make_room(path, monkeypatch):
    monkeypatch.setattr(module, "_LIMIT", 1)
    other = FactStore(path)
    other.facts(OTHER, "two", "two.py")
    other.save()
    assert json.loads(path.read_bytes().partition(b"\n")[2]).keys() == {"two"}


def test_a_folder_that_is_gone_or_no_folder_is_left_alone(tmp_path):
    (tmp_path / "file").touch()
    for place in (tmp_path / "gone" / "cache", tmp_path / "file"):
        store = FactStore(place / "digest.json")
        store.facts(TEXT, "one", "one.py")
        store.save()
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_digest_from_kept_facts_is_that_from_the_text(toy):
    toy.write("job.py", decoded(TEXT).replace("from .a", "from toy.a"))
    toy.write("a.py", "from importlib import import_module\ndef f(x): return import_module(x)\n")
    fresh = toy.closure()
    store_of(toy.root / "toy").save()
    store_of.cache_clear()
    toy.write("other.py", "")  # another state of the files, so that nothing is remembered
    assert toy.closure() == fresh
    assert not store_of(toy.root / "toy").fresh


def test_line_ends_and_a_byte_order_mark_do_not_count():
    assert decoded(b"\xef\xbb\xbfa\r\nb\rc\n") == "a\nb\nc\n"
