import java.io.FileInputStream;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.flavours.PDFAFlavour;

/** veraPDF's PDF/UA-1 profile on each file named: a line of what is wrong, a line for the file. */
public class PdfUa {
    public static void main(String[] files) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        var foundry = Foundries.defaultInstance();
        for (var file : files) {
            try (var stream = new FileInputStream(file);
                 var parser = foundry.createParser(stream, PDFAFlavour.PDFUA_1);
                 var validator = foundry.createValidator(PDFAFlavour.PDFUA_1, false)) {
                var result = validator.validate(parser);
                for (var wrong : result.getTestAssertions())
                    System.out.println(file + ": " + wrong.getRuleId().getClause() + "-"
                        + wrong.getRuleId().getTestNumber() + " " + wrong.getMessage());
                System.out.println((result.isCompliant() ? "conforms\t" : "fails\t")
                    + result.getTotalAssertions() + "\t" + file);
            }
        }
    }
}
