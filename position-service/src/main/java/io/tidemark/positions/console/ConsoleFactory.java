package io.tidemark.positions.console;

import io.micronaut.context.annotation.Factory;
import io.tidemark.positions.http.PositionDesk;
import jakarta.inject.Singleton;

/** Puts the console together. */
@Factory
final class ConsoleFactory {
    @Singleton
    LiveState state(PositionDesk desk) {
        return new LiveState(desk);
    }
}
