package io.tidemark.positions.feed;

import org.jspecify.annotations.Nullable;

/** Who ordered. Personal data: its text form says nothing. Immutable. */
public record Buyer(
        @Nullable String fullName,
        @Nullable String telephone,
        @Nullable String wilaya,
        @Nullable String commune) {

    @Override
    public String toString() {
        return "Buyer[***]";
    }
}
