"""Car park vacancies and parking meters: the small service that later ones are copied from."""
