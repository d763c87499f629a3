package io.tidemark.positions;

import io.micronaut.runtime.Micronaut;

/** The program: reads the order feed, keeps every store's position, serves the console. */
public final class PositionService {

    private PositionService() {}

    public static void main(String[] arguments) {
        Micronaut.build(arguments)
                .mainClass(PositionService.class)
                .banner(false)
                .start();
    }
}
