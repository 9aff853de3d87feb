"""The tool get_volume_change_ranking (거래대금 증가율)."""
