"""The rules of preference tuning (DPO and its relatives)."""
