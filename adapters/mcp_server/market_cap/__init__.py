"""The tool get_market_cap_ranking (시가총액 순위)."""
