//! Codes of two numbers as points of a plane.

use leptos::prelude::*;

use crate::protocol::{Asset, Code, CodesView, Views};
use crate::ui::charts::layout::scatter::{ScatterLayout, scatter_paths};
use crate::ui::charts::layout::table::centre_rows;
use crate::ui::charts::scatter::Scatter;
use crate::ui::charts::values::Values;
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::state::engine_handle::EngineHandle;

/// What the chapter's figure shows of many examples, and its training panel too: requested once for both. None where the figure shows
/// nothing of the kind. Provided as a context.
#[derive(Clone, Copy)]
pub struct FigureViews(pub Option<RwSignal<Views>>);

/// The style of a ring that is not there.
const HIDDEN: &str = "display:none";

/// The cloud of the codes beside PCA's; a ring around `code`, where that is told.
#[component]
pub fn CodePlane(
    testids: [&'static str; 2],
    views: RwSignal<Views>,
    #[prop(into, optional)] code: Signal<Option<Code>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let no_pca = expect_context::<EngineHandle>().is_unusable(Asset::PrincipalComponents);
    let cloud = move |points: fn(&CodesView) -> &[[f32; 2]]| {
        Signal::derive(move || {
            let paths = |view: &CodesView| scatter_paths(points(view), &view.labels);
            views.with(|views| views.codes.as_ref().map(paths)).unwrap_or_default()
        })
    };
    let pca = cloud(|view| &view.pca);
    // Moved by a transform, so that the style sheet can let it glide. A drawing may lie outside the cloud: its ring stays in sight.
    let ring = move || {
        let point = code.with(|code| <[f32; 2]>::try_from(code.as_deref()?).ok());
        let layout = views.with(|views| views.codes.as_ref().map(|view| ScatterLayout::new(&view.codes)));
        match point.zip(layout).map(|(point, layout)| layout.place(&point).map(|place| place.clamp(0.0, 100.0))) {
            Some([x, y]) => format!("transform:translate({x:.1}px,{y:.1}px)"),
            None => HIDDEN.to_string(),
        }
    };
    let digits = move || {
        let labelled = views.with(|views| views.codes.as_ref().is_some_and(|view| !view.labels.is_empty()));
        let key = |digit: u8| view! { <span class=format!("dots digit-{digit}")>{digit}</span> };
        labelled.then(|| (0..10).map(key).collect_view())
    };
    let rows = move || {
        let (own, pca) = (t_string!(i18n, views.own), t_string!(i18n, views.pca));
        let mut names = vec![t_string!(i18n, values.digit).to_string(), t_string!(i18n, values.count).to_string()];
        names.extend([own, pca].into_iter().flat_map(|name| [0, 1].map(|axis| format!("{name}, {axis}"))));
        let centres = |view: &CodesView| {
            names.truncate(if view.pca.is_empty() { 4 } else { 6 });
            centre_rows(names, t_string!(i18n, values.all), &view.labels, &[&view.codes, &view.pca])
        };
        views.with(|views| views.codes.as_ref().map(centres)).unwrap_or_default()
    };
    view! {
        <div class="clouds">
            <div class="cloud">
                <Scatter
                    testid=testids[0]
                    label=move || t_string!(i18n, views.own)
                    paths=cloud(|view| &view.codes)
                    ring=ring
                />
                <span aria-hidden="true">{move || t_string!(i18n, views.own)}</span>
            </div>
            <div class="cloud" hidden=move || no_pca.get() && pca.with(Vec::is_empty)>
                <Scatter testid=testids[1] label=move || t_string!(i18n, views.pca) paths=pca ring=HIDDEN />
                <span aria-hidden="true">{move || t_string!(i18n, views.pca)}</span>
            </div>
            <div class="digit-keys" aria-hidden="true">
                {digits}
            </div>
            <Values rows=Signal::derive(rows) />
        </div>
    }
}
