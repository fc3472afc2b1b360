#include <etude/plugin.hpp>

#include <muParser.h>

#include <cctype>
#include <cmath>
#include <stdexcept>
#include <string>

/// lr = the value of `formula` over
///   t, T  update of the run, updates of the run     e, E  epoch of the run, updates in an epoch     lr0  the base rate
///   x, q  of this schedule: ticks since it began, in its unit, and their share of the time it has; q = t / T where nothing comes before
///   pi;  + - * / ^, comparisons, && ||, c ? a : b;  min max abs sqrt exp log (natural) log2 log10 pow sin cos tan atan tanh floor ceil
///   clip(v, lo, hi), step(v) = 1 from v = 0 on and else 0, where(c, a, b), mod(a, b)
/// The value is an absolute rate: without lr0 in it, the base has no effect. `ends` does not enter.
///
/// None of the peers can put a formula into a configuration: Keras keeps registered classes only, PyTorch does not save lambdas.
struct Expression {
    std::string_view formula = "lr0";

    static constexpr auto name = "expression";
    static constexpr auto summary = "The rate is a formula of t, T, e, E, x, q and lr0.";
    static constexpr auto source = "";
    static constexpr auto params() {
        return std::tuple{etude::param("formula", &Expression::formula, "The rate, for example lr0 * exp(-0.1 * e).").required()};
    }
    /// Made once, beside the parameters. The parser reads variables by address and has scratch memory of its own, hence mutable: no result
    /// depends on what an earlier call left there.
    struct Compiled {
        mutable double t = 0, T = 1, e = 0, E = 1, x = 0, q = 0, lr0 = 1;
        mutable mu::Parser parser;
        explicit Compiled(const Expression& expression) try {
            define_functions();
            for (const auto& [symbol, place] : {std::pair{"t", &t}, {"T", &T}, {"e", &e}, {"E", &E}, {"x", &x}, {"q", &q}, {"lr0", &lr0}})
                parser.DefineVar(symbol, place);
            parser.SetExpr(std::string(expression.formula));
            parser.Eval();
            if (parser.GetNumResults() != 1) throw std::invalid_argument("formula has more than one value");
        } catch (const mu::Parser::exception_type& bad) { throw std::invalid_argument(in_our_words(bad.GetMsg())); }
        Compiled(const Compiled&) = delete;
        Compiled& operator=(const Compiled&) = delete;

      private:
        void define_functions() {
            parser.DefineConst("pi", 3.14159265358979323846);
            parser.DefineFun("log", [](double v) { return std::log(v); });
            parser.DefineFun("floor", [](double v) { return std::floor(v); });
            parser.DefineFun("ceil", [](double v) { return std::ceil(v); });
            parser.DefineFun("step", [](double v) { return v >= 0.0 ? 1.0 : 0.0; });
            parser.DefineFun("pow", [](double a, double b) { return std::pow(a, b); });
            parser.DefineFun("mod", [](double a, double b) { return a - b * std::floor(a / b); });
            parser.DefineFun("clip", [](double v, double lo, double hi) { return std::fmin(hi, std::fmax(lo, v)); });
            parser.DefineFun("where", [](double c, double a, double b) { return c != 0.0 ? a : b; });
        }
        static std::string in_our_words(std::string text) {
            if (!text.empty() && text.back() == '.') text.pop_back();
            if (!text.empty()) text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
            return "formula: " + text;
        }
    };
    double factor(const etude::Clock& clock, const Compiled& c) const {
        c.t = static_cast<double>(clock.update);
        c.T = static_cast<double>(clock.total);
        c.e = static_cast<double>(clock.update / clock.per_epoch);
        c.E = static_cast<double>(clock.per_epoch);
        c.x = clock.x;
        c.q = clock.x / clock.span;
        c.lr0 = clock.base_lr;
        return c.parser.Eval() / clock.base_lr;
    }
};
ETUDE_PLUGIN(Expression)
