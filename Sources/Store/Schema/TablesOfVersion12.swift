/// What the twelfth form of the database adds: what else was said of a row, by which it can be told apart from others.
enum TablesOfVersion12 {
    static let sql = """
        ALTER TABLE example ADD COLUMN metadata TEXT CHECK (metadata IS NULL OR json_valid(metadata));
        """
}
