import java.io.File;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/** Prints, for each file, the part of PDF/A that it says it follows, then each clause that it does not follow. */
public class Validate {
    public static void main(String[] files) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        for (String file : files) {
            try (PDFAParser parser = Foundries.defaultInstance().createParser(new File(file));
                    PDFAValidator validator =
                            Foundries.defaultInstance().createValidator(parser.getFlavour(), false)) {
                ValidationResult result = validator.validate(parser);
                System.out.println(parser.getFlavour() + " " + (result.isCompliant() ? "follows" : "does not follow"));
                for (TestAssertion fault : result.getTestAssertions()) {
                    System.out.println(fault.getRuleId().getClause() + ": " + fault.getMessage());
                }
            }
        }
    }
}
