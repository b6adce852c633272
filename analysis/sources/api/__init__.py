"""The fine-tuning API of OpenAI and Azure: an address and a key in, the jobs' own files out."""
