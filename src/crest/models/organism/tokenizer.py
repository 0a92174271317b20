"""A small tokenizer, of byte pairs or of given symbols, that `transformers.AutoTokenizer` opens.

A byte-pair tokenizer cuts text before merging at line ends, at `; ` and around every digit, so
that a token never spans two lines, two steps of a specification or two digits. A tokenizer of
symbols has a token for each of them and one for each character: the longest symbol that starts at
a place is its token.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import tokenizers
from tokenizers import decoders, models, pre_tokenizers, trainers

from crest.checksums import SUMS, DamagedFileError, how_to_remake
from crest.storage import read_json, write_text

_ALPHABET = "\n" + "".join(map(chr, range(32, 127)))
"""Characters that every tokenizer knows, seen in its corpus or not."""


@dataclass(frozen=True, slots=True)
class TokenizerOptions:
    """How the vocabulary is made.

    Attributes:
        vocab_size: Tokens, the two special ones included.
        max_token_length: Longest token, in characters.
        eos_token: Ends a completion.
        pad_token: Fills rows; never predicted.
    """

    vocab_size: int = 384
    max_token_length: int = 10
    eos_token: str = "<|endoftext|>"  # noqa: S105 (a token of text, not of access)
    pad_token: str = "<|pad|>"  # noqa: S105


class Tokenizer:
    """Text to token ids and back.

    Attributes:
        eos_id: Id of the token that ends a completion.
        pad_id: Id of the token that fills rows.
    """

    def __init__(self, backend: tokenizers.Tokenizer, *, eos_token: str, pad_token: str) -> None:
        self._backend = backend
        self._eos_token = eos_token
        self._pad_token = pad_token
        self.eos_id = self._special_id(eos_token)
        self.pad_id = self._special_id(pad_token)
        special = {self.eos_id, self.pad_id}
        whole = {i: token.content for i, token in backend.get_added_tokens_decoder().items()}
        self._bytes = [
            b"" if i in special else whole[i].encode() if i in whole else _token_bytes(backend, i)
            for i in range(backend.get_vocab_size())
        ]
        self._cache: dict[str, tuple[int, ...]] = {}

    @classmethod
    def train(cls, texts: Iterable[str], options: TokenizerOptions) -> "Tokenizer":
        """Return a tokenizer whose merges are the most frequent ones of `texts`."""
        backend = tokenizers.Tokenizer(models.BPE())
        backend.pre_tokenizer = pre_tokenizers.Sequence(
            [
                pre_tokenizers.Split("\n", "isolated"),
                pre_tokenizers.Split("; ", "isolated"),
                pre_tokenizers.Digits(individual_digits=True),
                pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
            ]
        )
        backend.decoder = decoders.ByteLevel()
        trainer = trainers.BpeTrainer(
            vocab_size=options.vocab_size,
            special_tokens=[options.eos_token, options.pad_token],
            initial_alphabet=[_STAND_INS[ord(character)] for character in _ALPHABET],
            max_token_length=options.max_token_length,
            show_progress=False,
        )
        backend.train_from_iterator(texts, trainer)
        return cls(backend, eos_token=options.eos_token, pad_token=options.pad_token)

    @classmethod
    def of_symbols(cls, symbols: Iterable[str]) -> "Tokenizer":
        """Return a tokenizer with a token for each printable character and one for each symbol.

        Wherever a symbol occurs in a text it is one token, so a symbol should be no part of what
        is to be read character by character.

        Args:
            symbols: Distinct, in printable ASCII; those of one character share its token. Equal
                symbols in equal order give equal ids.

        Raises:
            ValueError: A symbol is of another kind, or occurs twice.
        """
        names, options = _checked(symbols), TokenizerOptions()
        special = [options.eos_token, options.pad_token]
        characters = [_STAND_INS[ord(character)] for character in _ALPHABET]
        vocabulary = {name: number for number, name in enumerate([*special, *characters])}
        backend = tokenizers.Tokenizer(models.BPE(vocab=vocabulary, merges=[]))
        backend.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
        backend.decoder = decoders.ByteLevel()
        backend.add_special_tokens(special)
        longer = [name for name in names if len(name) > 1]
        backend.add_tokens([tokenizers.AddedToken(name, normalized=False) for name in longer])
        return cls(backend, eos_token=options.eos_token, pad_token=options.pad_token)

    @classmethod
    def load(cls, folder: Path) -> "Tokenizer":
        """Return the tokenizer of a checkpoint folder.

        Raises:
            FileNotFoundError: A file of the folder is missing.
            DamagedFileError: A file holds no tokenizer.
        """
        config = read_json(folder / "tokenizer_config.json")
        path = folder / "tokenizer.json"
        text = path.read_bytes().decode(errors="replace")
        try:
            backend = tokenizers.Tokenizer.from_str(text)
        except Exception as error:  # noqa: BLE001 (the library raises nothing narrower)
            raise DamagedFileError(
                f"{path} holds no tokenizer ({error}); {how_to_remake(folder / SUMS)}"
            ) from None
        return cls(backend, eos_token=config["eos_token"], pad_token=config["pad_token"])

    @property
    def vocab_size(self) -> int:
        """Return the number of tokens, special ones included."""
        return len(self._bytes)

    @property
    def definition(self) -> str:
        """Return all that decides which tokens a text has, as JSON."""
        return str(self._backend.to_str())

    def encode(self, text: str) -> tuple[int, ...]:
        """Return the token ids of a text.

        Raises:
            ValueError: A character of the text has no token.
        """
        ids = self._cache.get(text)
        if ids is None:
            ids = tuple(self._backend.encode(text, add_special_tokens=False).ids)
            self._check(text, ids)
            if len(self._cache) >= 65536:
                self._cache.clear()
            self._cache[text] = ids
        return ids

    def encode_all(self, texts: Sequence[str]) -> list[tuple[int, ...]]:
        """Return the token ids of many texts; see `encode`."""
        encodings = self._backend.encode_batch_fast(list(texts), add_special_tokens=False)
        rows = [tuple(encoding.ids) for encoding in encodings]
        for text, ids in zip(texts, rows, strict=True):
            self._check(text, ids)
        return rows

    def decode(self, ids: Sequence[int]) -> str:
        """Return the text of token ids; special tokens have none."""
        return b"".join([self._bytes[i] for i in ids]).decode("utf-8", errors="replace")

    def save(self, folder: Path) -> None:
        """Write `tokenizer.json` and `tokenizer_config.json`.

        transformers 5 gives every Qwen2 model Qwen's own text splitting, whatever its
        `tokenizer.json` says, unless `trust_remote_code` is set, which makes it read the file as
        it stands. The folder holds no code to trust.
        """
        config = {
            "add_prefix_space": False,
            "clean_up_tokenization_spaces": False,
            "eos_token": self._eos_token,
            "pad_token": self._pad_token,
            "padding_side": "left",
            "tokenizer_class": "PreTrainedTokenizerFast",
            "trust_remote_code": True,
        }
        write_text(self._backend.to_str(pretty=True) + "\n", folder / "tokenizer.json")
        text = json.dumps(config, indent=1, sort_keys=True) + "\n"
        write_text(text, folder / "tokenizer_config.json")

    def _check(self, text: str, ids: Sequence[int]) -> None:
        if self.decode(ids) != text:
            raise ValueError(
                f"{text!r} holds characters without a token, or the name of a special token: "
                "write it in printable ASCII"
            )

    def _special_id(self, token: str) -> int:
        token_id = self._backend.token_to_id(token)
        if token_id is None:
            raise ValueError(f"the tokenizer has no token {token!r}: save it anew with one")
        return int(token_id)


def _checked(symbols: Iterable[str]) -> list[str]:
    names = list(symbols)
    for number, name in enumerate(names):
        if not name or not set(name) <= set(_ALPHABET):
            raise ValueError(f"symbol {name!r}: write it in printable ASCII")
        if name in names[:number]:
            raise ValueError(f"symbol {name!r} is there twice: name it once")
    return names


def _byte_stand_ins() -> list[str]:
    """Return the printable stand-in of each byte in byte-level vocabularies (GPT-2's table)."""
    printable = {*range(33, 127), *range(161, 173), *range(174, 256)}
    others = [byte for byte in range(256) if byte not in printable]
    return [
        chr(byte) if byte in printable else chr(256 + others.index(byte)) for byte in range(256)
    ]


def _token_bytes(backend: tokenizers.Tokenizer, token_id: int) -> bytes:
    return bytes(_STAND_INS.index(stand_in) for stand_in in backend.id_to_token(token_id) or "")


_STAND_INS = _byte_stand_ins()
