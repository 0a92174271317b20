"""A language model small enough to pretrain and to post-train on a CPU, in several shapes."""
