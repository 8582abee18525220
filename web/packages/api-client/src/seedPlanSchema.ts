// Made from docs/reference/seed-plan.schema.json by `npm run generate:api`; do not edit.
export type paths = Record<string, never>;
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description A sentence of the discharge information, in both languages, with its source. */
        Advice: {
            text_zh: string;
            text_en: string;
            source: string;
        };
        /** @description The target's histogram when every seed misses on its own; seeded trials. */
        BandFound: {
            trials: number;
            /** @description Mean length of a seed's displacement. */
            error_mm: number;
            /** @description Where it was published. */
            error_source: string;
            /** @description Rising. */
            dose_gy: number[];
            /** @description Share of the volume with at least the dose: as planned, 5th, 50th and 95th percentile. */
            planned: number[];
            /** @description Share of the volume with at least the dose: as planned, 5th, 50th and 95th percentile. */
            low: number[];
            /** @description Share of the volume with at least the dose: as planned, 5th, 50th and 95th percentile. */
            middle: number[];
            /** @description Share of the volume with at least the dose: as planned, 5th, 50th and 95th percentile. */
            high: number[];
            /** @description The three percentiles. */
            d90_gy: number[];
            /** @description The three percentiles. */
            v100: number[];
        };
        /** @description A dose as the linear-quadratic model of a permanent implant weighs it. */
        BiologicalDose: {
            structure: string;
            /** @description Which dose: ``D90``, ``D2cc``. */
            quantity: string;
            dose_gy: number;
            alpha_beta_gy: number;
            repair_half_time_h: number;
            bed_gy: number;
            eqd2_gy: number;
            /** @description Of BED and EQD2. */
            formula: string;
            /** @description Of α/β and the repair half-time. */
            source: string;
        };
        /** @description How many needle paths a constraint closes. */
        BlockedCount: {
            constraint: string;
            count: number;
            /** @description Names of the template's holes; empty for free needles. */
            holes: string[];
        };
        /** @description A constraint that closes a part of the skin. */
        BlockedSkin: {
            constraint: string;
            /** @description Where it is the first thing met on the way in. */
            first_cm2: number;
            /** @description Where it is among the things met. */
            any_cm2: number;
            /** @description Where nothing else stands in the way. */
            alone_cm2: number;
        };
        /** @description A hard rule that a needle placed by hand breaks. */
        BrokenRule: {
            constraint: string;
            value: number;
            allowed: number;
        };
        /** @description A reference case as it ran on this installation. */
        CaseChecked: {
            name: string;
            passed: boolean;
            /** @description In ``unit``; the case passes when the first does not exceed the second. */
            deviation: number;
            /** @description In ``unit``; the case passes when the first does not exceed the second. */
            tolerance: number;
            unit: string;
        };
        /** @description A value that is compared before the patient leaves, from the installation's data. */
        DischargeRule: {
            name: string;
            /** @description In ``unit``. */
            limit: number;
            unit: string;
            /** @description The plan's number for it. */
            estimated: number;
            /** @description Whether the estimate does not exceed the limit; a measurement decides, not this estimate. */
            within: boolean;
            source: string;
        };
        /** @description Estimated air-kerma rate at a place around the patient, on the day of the implant. */
        DoseRateAt: {
            /** @description ``skin`` (the nearest point of the skin), ``0.3 m``, ``1 m``. */
            place: string;
            distance_mm: number;
            /** @description Without any attenuation in the patient: an upper bound. */
            in_air_ugy_h: number;
            /** @description With the tissue between each seed and the place. */
            attenuated_ugy_h: number;
        };
        /** @description Everything that is read from the dose, to infinity. */
        DosesFound: {
            /** @description Each voxel of a mask is cut into so many pieces along each edge; the dose is taken in the middle of each. */
            parts: number;
            target: components["schemas"]["TargetDosesFound"];
            organs: components["schemas"]["OrganDosesFound"][];
            indices: components["schemas"]["IndexFound"][];
            /** @description Volume of the whole prescription isodose. */
            prescription_isodose_ml: number;
            isodoses: components["schemas"]["IsodoseFound"][];
            histograms: components["schemas"]["HistogramFound"][];
            /** @description Largest deviation of the kernel from the exact sum, as a share, 2 mm and more from a seed. */
            grid_error: number;
        };
        /** @description One number to reach, or not to pass. */
        Goal: {
            /** @description ``target``, or the name of an organ at risk. */
            structure: string;
            /** @enum {unknown} */
            quantity: "D90" | "V100" | "V150" | "V200" | "D2cc" | "D0.1cc" | "Dmax";
            /** @description In Gy, or a share from 0 to 1; ``unit`` says which. */
            value: number;
            unit: string;
            /** @description Where the value comes from. */
            source: string;
            /** @description Whether a person asked for it; an organ that a person names must have a mask. */
            asked?: boolean;
        };
        /** @description A goal and what the plan reaches. */
        GoalJudged: {
            structure: string;
            /** @enum {unknown} */
            quantity: "D90" | "V100" | "V150" | "V200" | "D2cc" | "D0.1cc" | "Dmax";
            /** @description Whether the value must be reached; otherwise it must not be passed. */
            at_least: boolean;
            value: number;
            unit: string;
            /** @description null where it cannot be measured: the organ has no mask, or is smaller than the volume asked for. */
            reached: number | null;
            /** @description null where it cannot be judged. An organ that is smaller than 2 ml or 0.1 ml and nowhere hotter than the limit meets it. */
            met: boolean | null;
            source: string;
        };
        /** @description A structure's dose-volume histogram at rising doses. */
        HistogramFound: {
            /** @description ``target`` or the organ's name. */
            structure: string;
            volume_ml: number;
            /** @description Edges, from 0. */
            dose_gy: number[];
            /** @description Share of the volume that gets at least each dose. */
            cumulative_share: number[];
            /** @description Volume between each two neighbouring doses; one fewer than doses. */
            differential_ml: number[];
        };
        /** @description Which plan this is. */
        Identity: {
            /** @description Follows from the input, the request, the seed and the software: the same plan has the same name. */
            plan_id: string;
            /** @description Counts the versions of a case's plan, from 1. */
            version: number;
            /** @description SHA-256 of the image's voxels and grid and of every mask. */
            input_sha256: string;
            /** @description Seed of everything random. */
            seed: number;
            /** @description Name and version of the program. */
            software: string;
        };
        /** @description The image that was planned on. */
        ImageUsed: {
            /** @description DICOM identifiers; empty for an image that was no DICOM. */
            study_uid: string;
            /** @description DICOM identifiers; empty for an image that was no DICOM. */
            series_uid: string;
            /** @description DICOM identifiers; empty for an image that was no DICOM. */
            frame_of_reference_uid: string;
            /** @description Contrast phase as the headers tell it, and which header told it; ``unknown`` when none did. */
            phase: string;
            /** @description Contrast phase as the headers tell it, and which header told it; ``unknown`` when none did. */
            phase_reason: string;
            /** @description Number of voxels along each axis. */
            slices: number;
            /** @description Number of voxels along each axis. */
            rows: number;
            /** @description Number of voxels along each axis. */
            columns: number;
            /** @description Distance between slices, rows and columns. */
            spacing_mm: number[];
            /** @description Rows of the 4 by 4 matrix from ``(k, j, i, 1)`` to LPS millimetres. */
            index_to_lps: number[][];
            /** @description What was done to the image while it was read. */
            notes: string[];
        };
        /** @description Conformity, homogeneity, external index or natural dose ratio. */
        IndexFound: {
            /** @description ``conformity_index``, ``homogeneity_index``, ``external_index``, ``natural_dose_ratio``. */
            name: string;
            /** @description null where it is not defined. */
            value: number | null;
            /** @description Formula and source. */
            definition: string;
        };
        /** @description The volume within an isodose, in the target and outside it. */
        IsodoseFound: {
            /** @description Of the prescription. */
            share: number;
            dose_gy: number;
            volume_ml: number;
        };
        /** @description A structure beside a needle. */
        NearStructure: {
            name: string;
            /** @description From the needle's axis; 0 where the needle passes through it. */
            distance_mm: number;
            /** @description How deep below the skin it is nearest. */
            depth_mm: number;
        };
        /** @description Smallest distance between the shafts of two needles, inside and outside the patient. */
        NeedleGap: {
            first: string;
            second: string;
            distance_mm: number;
        };
        /** @description The search for the fewest needles, then the fewest seeds. */
        OptimisationFound: {
            /** @description In words. */
            method: string;
            /** @description Needles that may be used, and places for seeds on them. */
            candidate_needles: number;
            /** @description Needles that may be used, and places for seeds on them. */
            candidate_places: number;
            /** @description Places in the target at which the search computes the dose. */
            samples: number;
            /** @description Of the greedy start; 0 where it did not meet the goals. */
            start_needles: number;
            /** @description Of the greedy start; 0 where it did not meet the goals. */
            start_seeds: number;
            /** @description Of the plan. */
            needles: number;
            /** @description Of the plan. */
            seeds: number;
            /** @description No plan that meets the goals (at the search's samples, from these candidates) has fewer needles; no such plan with as many needles as this one has fewer seeds. null where it was not computed. */
            needles_bound: number | null;
            /** @description No plan that meets the goals (at the search's samples, from these candidates) has fewer needles; no such plan with as many needles as this one has fewer seeds. null where it was not computed. */
            seeds_bound: number | null;
            /** @description (found − bound) / found; 0 is proved best; null as the bounds, or when the goals are not met. */
            needles_gap: number | null;
            /** @description (found − bound) / found; 0 is proved best; null as the bounds, or when the goals are not met. */
            seeds_gap: number | null;
            /** @description How often the search was repeated with stricter goals, because the finer judgement missed one. */
            rounds: number;
            /** @enum {unknown} */
            stopped_by: "proved" | "complete" | "time_limit" | "by_hand";
            /** @description Given to the search. */
            time_limit_s: number;
        };
        /** @description What a seed must have on the day of calibration to have the planned activity at the implant. */
        OrderedActivity: {
            /** @description Days from the calibration to the implant. */
            days_before: number;
            activity_mci: number;
            strength_u: number;
        };
        /** @description Doses of an organ at risk; None where it is smaller than the volume. */
        OrganDosesFound: {
            name: string;
            volume_ml: number;
            d2cc_gy: number | null;
            d0_1cc_gy: number | null;
            largest_gy: number;
            mean_gy: number;
        };
        /** @description One seed. */
        PlannedSeed: {
            /** @description From 1, needle by needle, the deepest of each first. */
            number: number;
            /** @description The needle's id. */
            needle: string;
            /** @description Of its centre, below the skin along the needle. */
            depth_mm: number;
            centre_lps_mm: number[];
            /** @description The needle's direction. */
            axis_lps: number[];
            /** @description Air-kerma strength and apparent activity at the implant. */
            strength_u: number;
            /** @description Air-kerma strength and apparent activity at the implant. */
            activity_mci: number;
            /** @description How far its centre lies outside the target; 0 inside. */
            outside_target_mm: number;
            /** @description Rules of seeds that it breaks; empty for every seed that the program places. */
            broken_rules: components["schemas"]["BrokenRule"][];
        };
        /** @description Where a number of the plan comes from: what it is, and its version, hash or source. */
        Provenance: {
            what: string;
            source: string;
        };
        /** @description Numbers of the radiation-protection sheet. */
        RadiationSheet: {
            total_activity_mci: number;
            total_activity_mbq: number;
            total_strength_u: number;
            half_life_d: number;
            /** @description Of the dose rates. */
            formula: string;
            /** @description How tissue is taken into account, and the source of its data. */
            attenuation: string;
            /** @description The nearest place first. */
            rates: components["schemas"]["DoseRateAt"][];
            /** @description Compared with the values of the installation. */
            rules: components["schemas"]["DischargeRule"][];
            /** @description Days until a tenth of the activity is left. */
            days_to_tenth: number;
            /** @description What patient and family are told. */
            advice: components["schemas"]["Advice"][];
        };
        /** @description The whole skin, joined to the middle of the tumour. */
        ReachFound: {
            tumour: string;
            /** @description The skin in the picture, and what of it leads to the tumour. */
            skin_cm2: number;
            /** @description The skin in the picture, and what of it leads to the tumour. */
            open_cm2: number;
            /** @description The skin in the picture, and what of it leads to the tumour. */
            open_share: number;
            /** @description What closes the rest, the largest area first. */
            blocked: components["schemas"]["BlockedSkin"][];
            /** @description What would open more, the largest gain first. */
            reliefs: components["schemas"]["ReliefTried"][];
            /** @description Whether reliefs were looked for at all. */
            reliefs_tried: boolean;
            /** @description Obstacles of the rules for which there is no mask: nothing keeps a needle out of them. */
            unchecked: string[];
        };
        /** @description A relief and the skin that it opens. */
        ReliefTried: {
            /** @description ``hydrodissection``, ``crossing``, ``gantry_tilt`` or ``breath``. */
            kind: string;
            /** @description The organ that gives way; empty for a tilt and another breath phase. */
            obstacle: string;
            /** @description Millimetres of displacement or of the liver's shift, or degrees. */
            amount: number;
            before_cm2: number;
            after_cm2: number;
            source: string;
        };
        /** @description A needle and how it is loaded. */
        SeedNeedle: {
            /** @description ``N1``, ``N2``, in the order of use. */
            id: string;
            /** @description The template's hole; empty for a free needle. */
            hole: string;
            /** @description Where it enters the skin; its tip before the first seed is left. */
            entry_lps_mm: number[];
            /** @description Where it enters the skin; its tip before the first seed is left. */
            tip_lps_mm: number[];
            /** @description From the skin to the tip. */
            depth_mm: number;
            /** @description From the template's plane to the tip; null without a template. */
            template_to_tip_mm: number | null;
            /** @description As of the needles of an ablation plan. */
            axial_angle_deg: number;
            /** @description As of the needles of an ablation plan. */
            craniocaudal_deg: number;
            /** @description As of the needles of an ablation plan. */
            mediolateral_deg: number;
            /** @description Through liver before the tumour. */
            liver_pass_mm: number;
            /** @description Structures by distance, the nearest first. */
            near: components["schemas"]["NearStructure"][];
            /** @description How many. */
            seeds: number;
            /** @description From the tip back to the first seed's centre. */
            tip_to_first_mm: number;
            /** @description From each seed's centre back to the next one's, the deepest seed first; one fewer than seeds. */
            steps_mm: number[];
            /** @description Empty for every needle that the program places. */
            broken_rules: components["schemas"]["BrokenRule"][];
        };
        /** @description The order list: one model, one strength. */
        SeedOrder: {
            model: string;
            name: string;
            /** @description Seeds of the plan, in reserve, together. */
            planned: number;
            /** @description Seeds of the plan, in reserve, together. */
            spares: number;
            /** @description Seeds of the plan, in reserve, together. */
            total: number;
            /** @description How many are kept in reserve, and the source of that. */
            spares_rule: string;
            /** @description Of one seed at the implant. */
            activity_mci: number;
            /** @description Of one seed at the implant. */
            strength_u: number;
            /** @description Of the planned seeds at the implant; spares are not counted. */
            total_activity_mci: number;
            /** @description Of the planned seeds at the implant; spares are not counted. */
            total_activity_mbq: number;
            /** @description Of the planned seeds at the implant; spares are not counted. */
            total_strength_u: number;
            /** @description Per seed, by the day of calibration. */
            ordered: components["schemas"]["OrderedActivity"][];
        };
        /** @description What was asked for. */
        SeedRequest: {
            /** @description ``seeds``. */
            technique: string;
            /** @description Identifier of ``tongtai seeds models``. */
            seed_model: string;
            /** @description How the dose is computed, see ``SeedUsed.rules``. */
            formalism: string;
            /** @description How the dose is computed, see ``SeedUsed.rules``. */
            radial_rule: string;
            /** @description Dose to infinity. */
            prescription_gy: number;
            /** @description Of one seed at the implant. */
            activity_mci: number;
            /** @description Of one seed at the implant. */
            strength_u: number;
            /** @description Around the tumour, clipped to the liver: tumour and margin are the target. */
            margin_mm: number;
            /** @description Which tumour, counted from 1 by size. */
            tumour_number: number;
            /** @description ``template``, ``free`` or ``by_hand``; empty when the program chose. */
            layout: string;
            /** @description Asked for a template; a spacing of 0 when the program chose. */
            template_spacing_mm: number;
            /** @description Asked for a template; a spacing of 0 when the program chose. */
            template_rotation_deg: number;
            /** @description Direction of its needles; null when the program chose. */
            template_direction_lps: number[] | null;
            /** @description Shift of its middle along columns and rows from the tumour's middle. */
            template_offset_mm: number[];
            /** @description How the patient lies: ``supine`` or ``prone``. */
            position: string;
            /** @description Everything that the plan is judged by. */
            goals: components["schemas"]["Goal"][];
            /** @description Of the search. */
            time_limit_s: number;
        };
        /** @description The seed. */
        SeedUsed: {
            model: string;
            name: string;
            /** @description Whether its data are the consensus of the AAPM's reports. */
            consensus: boolean;
            dose_rate_constant_cgy_h_u: number;
            active_length_mm: number;
            half_life_d: number;
            u_per_mci: number;
            /** @description Formalism, interpolation and extrapolation in words. */
            rules: components["schemas"]["Statement"][];
            source: string;
            /** @description What must be known of the quality of its data. */
            note: string;
        };
        /** @description A choice in words. */
        Statement: {
            name: string;
            text: string;
        };
        /** @description A structure that was segmented. */
        StructureUsed: {
            /** @description Key, with the number of a second lesion and later ones. */
            name: string;
            /** @description Words for people. */
            name_en: string;
            /** @description Words for people. */
            name_zh: string;
            /** @description SNOMED CT. */
            code: string;
            /** @description SNOMED CT. */
            code_meaning: string;
            /** @description What it is to a needle. */
            role: string;
            volume_ml: number;
            /** @description Longest straight line between two of its voxels' centres. */
            longest_mm: number;
            /** @description What made the mask, and who corrected it; empty when nobody did. */
            engine: string;
            /** @description How far it can be trusted, why, and the engine's measured Dice coefficient. */
            quality: string;
            /** @description How far it can be trusted, why, and the engine's measured Dice coefficient. */
            reason: string;
            /** @description How far it can be trusted, why, and the engine's measured Dice coefficient. */
            dice: number | null;
            /** @description What made the mask, and who corrected it; empty when nobody did. */
            editor: string;
        };
        /** @description Doses of the target: D in Gy, V as shares of its volume. */
        TargetDosesFound: {
            volume_ml: number;
            d90_gy: number;
            /** @description The lowest dose of any sample; it depends on how finely voxels are cut. */
            d100_gy: number;
            mean_gy: number;
            v100: number;
            v150: number;
            v200: number;
        };
        /** @description What must be destroyed. */
        TargetVolume: {
            /** @description Name of its structure. */
            tumour: string;
            margin_mm: number;
            /** @description The middle of the tumour. */
            centre_lps_mm: number[];
            longest_mm: number;
            tumour_ml: number;
            /** @description Tumour with its margin, clipped to the liver. */
            target_ml: number;
            liver_ml: number;
            /** @description The liver without any tumour. */
            healthy_liver_ml: number;
            /** @description Share of the tumour's surface nearer to the liver's surface than the margin. */
            at_capsule: number;
            /** @description Whether the rules ask for liver before it on the needle's way. */
            subcapsular: boolean;
        };
        /** @description A hole of the template. */
        TemplateHole: {
            /** @description Column's letter and row's number, such as ``D5``; column A and row 1 lie at the most negative offsets. */
            name: string;
            /** @description Offset from the template's origin along its axes. */
            column_mm: number;
            /** @description Offset from the template's origin along its axes. */
            row_mm: number;
            /** @description On the template's plane. */
            centre_lps_mm: number[];
            /** @description Where its needle would enter the skin; null where its line does not meet the body. */
            entry_lps_mm: number[] | null;
            /** @description Whether its line passes through a place where a seed may lie, if nothing blocked it. */
            meets_target: boolean;
            /** @description Hard constraint (``bone``, ``lung``, …) that closes it, or ends it before its deepest place; empty where nothing does. */
            blocked_by: string;
            /** @description Depth below the skin at which that is met; 0 for what forbids the entry itself. */
            blocked_depth_mm: number | null;
            /** @description Deepest tip that is allowed, below the skin. null for a hole that is closed to the target. */
            open_to_mm: number | null;
            /** @description The plan's needle in it; empty for none. */
            needle: string;
        };
        /** @description The coplanar template: a plane with holes on a square grid, all needles perpendicular to it. */
        TemplateUsed: {
            /** @description Middle of the template, on its plane, just outside the skin. */
            origin_lps_mm: number[];
            /** @description Unit vectors in the plane, turned by ``rotation_deg``. */
            column_axis_lps: number[];
            /** @description Unit vectors in the plane, turned by ``rotation_deg``. */
            row_axis_lps: number[];
            /** @description Unit vector of every needle, from the skin inwards. */
            direction_lps: number[];
            /** @description Between neighbouring holes of a row or column. */
            spacing_mm: number;
            /** @description Number of holes. */
            columns: number;
            /** @description Number of holes. */
            rows: number;
            /** @description Turn of the axes about ``direction_lps``, from the axial plane for the columns. */
            rotation_deg: number;
            /** @description Every hole, row by row. */
            holes: components["schemas"]["TemplateHole"][];
            /** @description How many holes towards the target are closed, by constraint. */
            blocked: components["schemas"]["BlockedCount"][];
        };
        /** @description A goal that no plan of these candidates meets, and why. */
        UnreachedGoal: {
            /** @description The goal. */
            structure: string;
            /** @description The goal. */
            quantity: string;
            /** @description The goal. */
            value: number;
            /** @description What the plan reaches; null without a plan. */
            best: number | null;
            /** @description What would be reached without the hindrance; null where it was not tried. */
            without: number | null;
            /** @enum {unknown} */
            hindrance: "organ_limit" | "blocked_needles" | "activity" | "target_limit" | "geometry";
            /** @description The organ, or the constraint that blocks needles; empty for the other kinds. */
            named: string;
            /** @description Blocked needles: names of the template's holes, or places of free needles; empty for the others. */
            paths: string[];
            /** @description One sentence. */
            text: string;
        };
        /** @description Something that the reader of a plan must know. */
        Warned: {
            /** @description Stable name, such as ``tumour_not_covered``. */
            code: string;
            text: string;
        };
        /**
         * Tongtai seed plan
         * @description A plan of seeds for one tumour.
         */
        SeedPlan: {
            /** @constant */
            schema_version: 1;
            /** @enum {unknown} */
            outcome: "planned" | "goals_not_met" | "no_safe_path";
            identity: components["schemas"]["Identity"];
            request: components["schemas"]["SeedRequest"];
            image: components["schemas"]["ImageUsed"];
            /** @description In the segmentation's order. */
            structures: components["schemas"]["StructureUsed"][];
            target: components["schemas"]["TargetVolume"];
            seed: components["schemas"]["SeedUsed"];
            /** @description How the needles of the plan are led; null when there is no safe path. */
            layout: ("template" | "free" | "by_hand") | null;
            /** @description null for free needles. */
            template: components["schemas"]["TemplateUsed"] | null;
            /** @description In the order of use; empty when there is no safe path. */
            needles: components["schemas"]["SeedNeedle"][];
            /** @description In the order of use; empty when there is no safe path. */
            seeds: components["schemas"]["PlannedSeed"][];
            /** @description Of every two needles whose shafts come nearer than 20 mm. */
            gaps: components["schemas"]["NeedleGap"][];
            /** @description Needle paths towards the target that are closed, by constraint. */
            blocked: components["schemas"]["BlockedCount"][];
            optimisation: components["schemas"]["OptimisationFound"];
            /** @description Each with what was reached. */
            goals: components["schemas"]["GoalJudged"][];
            /** @description Empty when every goal is met. */
            unreached: components["schemas"]["UnreachedGoal"][];
            /** @description null when there is no safe path. */
            doses: components["schemas"]["DosesFound"] | null;
            /** @description null when no trials were asked for. */
            band: components["schemas"]["BandFound"] | null;
            biological: components["schemas"]["BiologicalDose"][];
            /** @description null when there is no safe path. */
            order: components["schemas"]["SeedOrder"] | null;
            /** @description null when there is no safe path. */
            radiation: components["schemas"]["RadiationSheet"] | null;
            /** @description The skin, joined to the middle of the tumour. */
            reach: components["schemas"]["ReachFound"];
            /** @description What this plan falls short of, and what no such plan knows. */
            warnings: components["schemas"]["Warned"][];
            /** @description What this plan falls short of, and what no such plan knows. */
            limits: components["schemas"]["Warned"][];
            /** @description Empty when the reference cases were not run. */
            verification: components["schemas"]["CaseChecked"][];
            provenance: components["schemas"]["Provenance"][];
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
