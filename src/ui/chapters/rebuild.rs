//! Draw a digit, and see the code that a model makes of it and what the model rebuilds from that code.

use leptos::prelude::*;

use crate::client::SlotKey;
use crate::protocol::ModelId;
use crate::ui::charts::code_bars::CodeBars;
use crate::ui::components::code_plane::{CodePlane, FigureViews};
use crate::ui::components::draw_panel::DrawPanel;
use crate::ui::components::explained::Explained;
use crate::ui::components::model_choice::{ModelChoice, use_linked_model};
use crate::ui::components::model_drawing::ModelDrawing;
use crate::ui::components::picture::{Differences, difference};
use crate::ui::components::step::Step;
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::state::model_input::ModelInput;
use crate::ui::state::requests::{CLEAN, part, use_reconstruction};

/// The drawing, its code and its reconstruction by one of `models`, which the reader chooses. A code of two numbers is shown among those of
/// other digits where the chapter has [`FigureViews`]. The reader chooses `by_numbers` where the codes differ in theirs.
#[component]
pub fn RebuildFigure(models: &'static [ModelId], #[prop(optional)] by_numbers: bool) -> impl IntoView {
    let i18n = use_i18n();
    let ModelInput(image) = expect_context();
    let model = use_linked_model(models.to_vec(), models[0]);
    let result = use_reconstruction(SlotKey::Reconstruct, model.into(), image.into(), Signal::stored(CLEAN));
    let code = part(result, |result| result.code.clone());
    let differences = Signal::derive(move || {
        result.with(|result| result.iter().map(|result| difference(&result.input, &result.output)).collect::<Vec<_>>())
    });
    let FigureViews(many) = expect_context();
    let chart = match many {
        Some(views) => view! { <CodePlane testids=["figure-codes", "figure-pca"] views=views code=code /> }.into_any(),
        None => {
            view! { <CodeBars testid="code" code=Signal::derive(move || code.get().unwrap_or_default()) /> }.into_any()
        }
    };
    let about = move || if many.is_some() { t_string!(i18n, about.plane) } else { t_string!(i18n, about.code) };
    view! {
        <figure class="figure rebuild">
            <DrawPanel />
            <div class="panel rebuild-panel">
                <ModelChoice models=models.to_vec() model=model by_numbers=by_numbers />
                <div class="rebuild-steps">
                    <Step name="seen" area="seen" image=image caption=move || t_string!(i18n, picture.seen) />
                    <Step
                        name="reconstruction"
                        area="reconstruction"
                        image=part(result, |result| result.output.clone())
                        error=part(result, |result| result.output_error)
                        caption=move || t_string!(i18n, picture.reconstruction)
                    />
                    <div class="step" style="grid-area:difference">
                        <Differences
                            testid="difference"
                            differences=differences
                            label=move || t_string!(i18n, picture.difference)
                        />
                        <p class="caption">
                            <Explained
                                testid="difference-name"
                                text=move || t_string!(i18n, picture.difference)
                                about=move || t_string!(i18n, picture.difference_hint)
                            />
                        </p>
                    </div>
                </div>
                <div class="code-panel">
                    <ModelDrawing area="network" model=model result=result />
                    <div class="code">
                        <h2>
                            <Explained testid="code-name" text=move || t_string!(i18n, figure.code) about=about />
                        </h2>
                        {chart}
                    </div>
                </div>
            </div>
        </figure>
    }
}
