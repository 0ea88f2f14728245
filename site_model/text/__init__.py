"""What people write, as text: signs, spellings, telephones, plurals. Below all else."""
