"""The browser's part of OAuth2: begin, wait for the answer, finish."""
