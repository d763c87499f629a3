package io.tidemark.positions.position;

/** A layer cannot be asked, or what it holds cannot be trusted; the message names the layer, the cause and the remedy. */
public final class LayerUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Layer layer;

    public LayerUnavailableException(Layer layer, String message, Throwable cause) {
        super(message, cause);
        this.layer = layer;
    }

    public LayerUnavailableException(Layer layer, String message) {
        super(message);
        this.layer = layer;
    }

    /** Which layer. */
    public Layer layer() {
        return layer;
    }
}
