"""Social cards: pictures for links that unfurl, drawn without a browser. A face says what stands on one."""
