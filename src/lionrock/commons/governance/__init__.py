"""How a model comes to stand, is watched, and falls: judged on unseen data, scored by what came true."""
