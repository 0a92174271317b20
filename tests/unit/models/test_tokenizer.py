import pytest

from crest.models.organism.tokenizer import Tokenizer, TokenizerOptions


def test_decoding_inverts_encoding(tokenizer, pairs):
    for prompt, completion in pairs[:50]:
        text = prompt + completion
        assert tokenizer.decode(tokenizer.encode(text)) == text


def test_every_printable_character_has_a_token(tokenizer):
    text = "".join(map(chr, range(32, 127))) + "\n"
    assert tokenizer.decode(tokenizer.encode(text)) == text


def test_no_token_crosses_a_line_a_step_or_a_digit(tokenizer):
    for token_id in range(tokenizer.vocab_size):
        text = tokenizer.decode([token_id])
        assert len(text) <= 10
        assert len(text) == 1 or not any(letter.isdigit() or letter == "\n" for letter in text)
        assert "; " not in text or text == "; "


def test_many_texts_at_once_get_the_same_ids(tokenizer, pairs):
    texts = [prompt for prompt, _ in pairs[:50]]
    assert tokenizer.encode_all(texts) == [tokenizer.encode(text) for text in texts]


def test_a_character_without_a_token_is_refused(tokenizer):
    with pytest.raises(ValueError, match="printable ASCII"):
        tokenizer.encode("größer")


def test_the_name_of_a_special_token_in_a_text_is_refused(tokenizer):
    with pytest.raises(ValueError, match="special token"):
        tokenizer.encode("a <|endoftext|> b")


def test_training_twice_gives_the_same_tokenizer(tokenizer, pairs, tmp_path):
    again = Tokenizer.train((a + b for a, b in pairs), TokenizerOptions(vocab_size=160))
    tokenizer.save(tmp_path / "a")
    again.save(tmp_path / "b")
    for name in ("tokenizer.json", "tokenizer_config.json"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_a_loaded_tokenizer_gives_the_same_ids(tokenizer, pairs, tmp_path):
    tokenizer.save(tmp_path)
    loaded = Tokenizer.load(tmp_path)
    assert (loaded.eos_id, loaded.pad_id) == (tokenizer.eos_id, tokenizer.pad_id)
    assert all(loaded.encode(text) == tokenizer.encode(text) for text, _ in pairs[:50])


SYMBOLS = ("x", " > ", " => ", ".take(", ".take(word", "word", ",-1)", "'-'")


@pytest.fixture(scope="module")
def of_symbols():
    return Tokenizer.of_symbols(SYMBOLS)


def test_every_symbol_is_one_token_and_every_other_character_one(of_symbols):
    text = "a-b > '-' => x.take(word,-1).take(wor)"
    tokens = ["a", "-", "b", " > ", "'-'", " => ", "x", ".take(word", ",-1)", ".take(", *"wor)"]
    ids = of_symbols.encode(text)
    assert [of_symbols.decode([number]) for number in ids] == tokens
    assert of_symbols.decode(ids) == text
    assert of_symbols.vocab_size == 2 + 96 + len(SYMBOLS) - 1


def test_symbols_in_equal_order_give_equal_files_and_load_alike(of_symbols, tmp_path):
    of_symbols.save(tmp_path / "a")
    Tokenizer.of_symbols(iter(SYMBOLS)).save(tmp_path / "b")
    name = "tokenizer.json"
    assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    text = "word > x.take(word,-1)"
    assert Tokenizer.load(tmp_path / "a").encode(text) == of_symbols.encode(text)
    assert Tokenizer.load(tmp_path / "a").encode_all([text]) == [of_symbols.encode(text)]


def test_transformers_reads_symbols_as_we_do(of_symbols, tmp_path):
    from transformers import AutoTokenizer

    of_symbols.save(tmp_path)
    judge = AutoTokenizer.from_pretrained(tmp_path)
    for text in ("ab-1 > AB", "word => x.take(word,-1)", " ' ' '-'"):
        ids = list(of_symbols.encode(text))
        assert judge(text)["input_ids"] == ids
        assert judge.decode([*ids, of_symbols.eos_id], skip_special_tokens=True) == text


@pytest.mark.parametrize("symbol", ["", "größer"])
def test_a_symbol_that_is_not_in_printable_ascii_is_refused(symbol):
    with pytest.raises(ValueError, match="printable ASCII"):
        Tokenizer.of_symbols([symbol])


def test_a_symbol_that_is_there_twice_is_refused():
    with pytest.raises(ValueError, match="'ab' is there twice"):
        Tokenizer.of_symbols(["ab", "cd", "ab"])
