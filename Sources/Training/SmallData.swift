extension TrainingArguments {
    /// Rows of a label below which a training is one on few rows.
    static let fewRows = 64

    /// Lets a training on few rows go on long enough: with fewer than 64 rows a label, batches of 16 at most and as
    /// many epochs as make 200 updates, twenty at most. Three epochs of a few batches end before the learning rate
    /// has come up.
    ///
    /// Source: Mosbach et al., [arXiv:2006.04884](https://arxiv.org/abs/2006.04884), and Zhang et al., *Revisiting
    /// few-sample BERT fine-tuning*, [arXiv:2006.05987](https://arxiv.org/abs/2006.05987).
    public mutating func suit(rows: Int, labels: Int) {
        guard rows > 0, rows < Self.fewRows * labels else { return }
        batchSize = min(batchSize, 16)
        let updates = (rows + batchSize - 1) / batchSize
        epochs = max(epochs, min(20, (200 + updates - 1) / updates))
    }
}
