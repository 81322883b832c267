"""The command `huiyin evaluate`: rates and rankings from files, and the study of how far they can be believed."""
