package io.tidemark.core.access;

/** What someone may do; each may do what those before it may. */
public enum Role {
    /** Look. */
    VIEWER,
    /** Look, and do what readers do not notice. */
    OPERATOR,
    /** Everything. */
    ADMIN;

    /** Whether this role may do what that one may. */
    public boolean may(Role asked) {
        return compareTo(asked) >= 0;
    }
}
