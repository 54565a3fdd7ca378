"""Kinesis: shards that keep, throttle and reshard, and moto's API over them."""
