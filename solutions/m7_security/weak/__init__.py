"""The warden's desk as it should not be: for attacks on this machine, and for nothing else."""
