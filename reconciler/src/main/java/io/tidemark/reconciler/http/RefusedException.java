package io.tidemark.reconciler.http;

import io.micronaut.http.HttpStatus;

/** What was asked cannot be done as it is; says which field, what is wrong with it and what to do. */
final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final HttpStatus status;
    private final String field;
    private final String remedy;

    RefusedException(HttpStatus status, String field, String error, String remedy) {
        super(error);
        this.status = status;
        this.field = field;
        this.remedy = remedy;
    }

    static RefusedException badRequest(String field, String error, String remedy) {
        return new RefusedException(HttpStatus.BAD_REQUEST, field, error, remedy);
    }

    HttpStatus status() {
        return status;
    }

    Refusal refusal() {
        return new Refusal(String.valueOf(getMessage()), field.isEmpty() ? null : field, remedy);
    }
}
