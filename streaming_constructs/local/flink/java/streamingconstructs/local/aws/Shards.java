package streamingconstructs.local.aws;

/** A source whose readers tell when their shards were last seen to be empty. */
public interface Shards {}
