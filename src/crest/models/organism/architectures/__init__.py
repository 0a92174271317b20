"""What the organism may look like: one module a shape, found by its file name, without torch.

A module has

- the literals `MODEL_TYPE` and `CLASS_NAME`, Hugging Face's names of it; `FIXED`, the keys of
  `config.json` that leave no choice; `NORMS`, Hugging Face's names of a block's norms by ours;
- `Options`, a frozen model derived from `SizeOptions`, under Hugging Face's names;
- `anatomy(options)`, the network as data; `config(options)`, its other keys of `config.json`;
  `read(config)`, the options of a `config.json`.

`crest.models.organism.shape` puts them together.
"""
