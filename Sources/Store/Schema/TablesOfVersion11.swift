/// What the eleventh form of the database adds: by what chance rows were drawn for a label.
enum TablesOfVersion11 {
    static let sql = """
        CREATE TABLE labelDraw (
          exampleID INTEGER NOT NULL PRIMARY KEY REFERENCES example (id),
          propensity REAL NOT NULL CHECK (propensity > 0 AND propensity <= 1)
        ) STRICT;
        CREATE TRIGGER labelDraw_neverChanges BEFORE UPDATE ON labelDraw
        BEGIN SELECT raise(ABORT, 'by what chance a row was drawn stays written'); END;
        CREATE TRIGGER labelDraw_neverEnds BEFORE DELETE ON labelDraw
        BEGIN SELECT raise(ABORT, 'by what chance a row was drawn stays written'); END;

        CREATE VIEW drawn_labels AS
        SELECT e.id AS example, e.receivedAt AS received_at, e.source, e.label, d.propensity
        FROM labelDraw AS d JOIN example AS e ON e.id = d.exampleID
        ORDER BY e.id;
        """
}
