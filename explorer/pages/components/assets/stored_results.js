() => [RESULT_KEY, BESIDE_KEY].map(key => { try { return window.localStorage.getItem(key) ?? ''; } catch { return ''; } })
