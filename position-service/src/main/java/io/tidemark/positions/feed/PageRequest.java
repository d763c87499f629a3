package io.tidemark.positions.feed;

/** Which page is asked for. Immutable. */
public sealed interface PageRequest {

    /** In which order the orders are wanted. */
    Direction direction();

    /** As people read it: {@code page 9081, oldest first}. Holds no secret: a cursor is not shown. */
    String label();

    /** The oldest orders first, on that page. */
    static PageRequest numbered(long page) {
        return new Numbered(page, Direction.OLDEST_FIRST);
    }

    /** The newest orders first, on that page. */
    static PageRequest newest(long page) {
        return new Numbered(page, Direction.NEWEST_FIRST);
    }

    /** Onwards from a cursor to newer orders. */
    static PageRequest onwards(String cursor) {
        return new From(cursor, Direction.OLDEST_FIRST);
    }

    /** @param page 1 and up */
    record Numbered(long page, Direction direction) implements PageRequest {

        public Numbered {
            if (page < 1) {
                throw new IllegalArgumentException("expected a page of 1 or more, found " + page);
            }
        }

        @Override
        public String label() {
            return "page " + page + (direction == Direction.OLDEST_FIRST ? ", oldest first" : ", newest first");
        }
    }

    /** @param cursor the API's own mark of a place; it may or may not answer the order at the mark itself again */
    record From(String cursor, Direction direction) implements PageRequest {

        public From {
            if (cursor.isEmpty()) {
                throw new IllegalArgumentException("expected a cursor, found an empty text");
            }
        }

        @Override
        public String label() {
            return "from the cursor, " + (direction == Direction.OLDEST_FIRST ? "to newer" : "to older") + " orders";
        }
    }
}
