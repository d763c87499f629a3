package io.tidemark.cachewriter.jobs;

/** What was asked cannot be done as it is; says which field, what is wrong with it and what to do. */
public final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String field;
    private final String remedy;

    public RefusedException(String field, String error, String remedy) {
        super(error);
        this.field = field;
        this.remedy = remedy;
    }

    public String field() {
        return field;
    }

    public String remedy() {
        return remedy;
    }
}
