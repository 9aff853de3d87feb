"""The tool get_sector_volume_ranking (업종별 거래대금)."""
