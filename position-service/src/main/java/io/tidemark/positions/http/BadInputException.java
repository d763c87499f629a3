package io.tidemark.positions.http;

import io.micronaut.http.HttpStatus;

/** A request cannot be done as it is; says which field, what is wrong with it and what to do. */
public final class BadInputException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final HttpStatus status;
    private final String error;
    private final String field;
    private final String remedy;

    public BadInputException(HttpStatus status, String field, String error, String remedy) {
        super(error);
        this.status = status;
        this.error = error;
        this.field = field;
        this.remedy = remedy;
    }

    static BadInputException in(String field, String error, String remedy) {
        return new BadInputException(HttpStatus.BAD_REQUEST, field, error, remedy);
    }

    /** What to answer with. */
    public HttpStatus status() {
        return status;
    }

    /** What is wrong. */
    public String error() {
        return error;
    }

    /** Which field. */
    public String field() {
        return field;
    }

    /** What to do. */
    public String remedy() {
        return remedy;
    }
}
