package io.tidemark.positions.http;

/** What someone may do. */
public enum Role {
    /** Look. */
    VIEWER,
    /** Look and change. */
    ADMIN
}
