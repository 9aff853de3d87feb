"""The tool get_investor_ranking (투자자별 매매동향)."""
