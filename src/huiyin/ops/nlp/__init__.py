"""The command `huiyin nlp`: trains what understands the words, and measures it on files that anyone can bring."""
