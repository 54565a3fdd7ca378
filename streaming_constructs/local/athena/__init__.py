"""Amazon Athena: SQL over what was archived, by the tables of the Glue Data Catalog."""
