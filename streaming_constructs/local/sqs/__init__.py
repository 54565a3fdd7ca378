"""Amazon SQS in a rehearsal: queues that keep the time of the rehearsal, and what is put into them."""
